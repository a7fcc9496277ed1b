import assert from 'node:assert/strict'
import { request, type RequestOptions } from 'node:https'
import { it, type TestContext } from 'node:test'

import { startAdmin } from '../../support/admin.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { peer } from '../../support/peers.js'

const { skip } = peer('openssl')

async function secured(t: TestContext, authority: CertificateAuthority, more: object = {}) {
  const { file, keyFile } = authority.issue('localhost')
  const service = { 'admin.tls': true, 'admin.tls.crt_file': file, 'admin.tls.key_file': keyFile, ...more }
  const port = (await startAdmin(t, { service })).split(':')[1]
  return (options: RequestOptions = {}): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const trusting = { host: '127.0.0.1', servername: 'localhost', ca: authority.pem, agent: false }
      const asking = request({ ...trusting, port, path: '/ledger', ...options }, (answer) => {
        resolve(answer.resume().statusCode)
      })
      asking.on('error', reject).end()
    })
}

it('the server speaks TLS', { skip }, async (t) => {
  const ask = await secured(t, new CertificateAuthority(t))
  assert.equal(await ask(), 200)
  await assert.rejects(ask({ ca: [] }), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
})

it(
  'clients with a certificate of the authority that is named are let in, under any name, and no others',
  { skip },
  async (t) => {
    const authority = new CertificateAuthority(t)
    const ask = await secured(t, authority, { 'admin.tls.ca_file': authority.file })
    const known = authority.issue('panel').pem
    assert.equal(await ask(known), 200)
    assert.equal(await ask({ ...known, headers: { host: 'gateway.example' } }), 200)
    await assert.rejects(ask())
    await assert.rejects(ask(new CertificateAuthority(t).issue('panel').pem))
  },
)

it('a client whose certificate was revoked is let in no more', { skip }, async (t) => {
  const authority = new CertificateAuthority(t)
  const [lost, kept] = [authority.issue('lost'), authority.issue('kept')]
  const files = { 'admin.tls.ca_file': authority.file, 'admin.tls.crl_file': authority.revoke([lost]) }
  const ask = await secured(t, authority, files)
  assert.equal(await ask(kept.pem), 200)
  await assert.rejects(ask(lost.pem))
})
