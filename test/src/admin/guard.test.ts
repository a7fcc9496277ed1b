import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { isLoopback } from '../../../src/admin/admin-settings.js'
import { adminSettingsOf, asked, startAdmin } from '../../support/admin.js'
import { folderOf } from '../../support/folder.js'

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

describe('a token', () => {
  it('is asked of everything but of whether the agent is alive', async (t) => {
    const at = await startAdmin(t, { service: { 'admin.token': 'öpen sesame' } })
    const answer = await fetch(`http://${at}/metrics`)
    assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, 'Bearer realm="sluice"'])
    assert.equal((await asked(`http://${at}/health/live`))[0], 200)
    for (const path of ['/', '/ledger', '/tap', '/health/ready', '/api/v1/metrics', '/nowhere'])
      assert.equal((await asked(`http://${at}${path}`))[0], 401, path)
  })

  it('opens what it is for, and another one does not', async (t) => {
    const token = 'open sesame'
    const at = await startAdmin(t, { service: { 'admin.token': token } })
    assert.equal((await asked(`http://${at}/ledger`, bearer(token)))[0], 200)
    for (const other of ['', 'open', 'open sesame!', 'OPEN SESAME'])
      assert.equal((await asked(`http://${at}/ledger`, bearer(other)))[0], 401, other)
    const basic = { headers: { authorization: `Basic ${token}` } }
    assert.equal((await asked(`http://${at}/ledger`, basic))[0], 401)
  })

  it('may be in a file, which must have one', async (t) => {
    const folder = folderOf(t, { token: 'of-a-file\n', empty: '\n' })
    const at = await startAdmin(t, { service: { 'admin.token_file': join(folder, 'token') } })
    assert.equal((await asked(`http://${at}/ledger`, bearer('of-a-file')))[0], 200)
    assert.equal((await asked(`http://${at}/ledger`))[0], 401)
    for (const name of ['empty', 'missing'])
      await assert.rejects(startAdmin(t, { service: { 'admin.token_file': join(folder, name) } }), {
        code: 'ADMIN_TOKEN_FILE',
      })
  })
})

describe('the server', () => {
  it('does not open itself to other machines without a token', () => {
    for (const http_listen of ['0.0.0.0', '::', '192.0.2.1', 'gateway.example', 'systemd:admin'])
      assert.throws(() => adminSettingsOf({ http_listen }), { code: 'ADMIN_TOO_OPEN' }, http_listen)
    for (const http_listen of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'unix:/run/sluice.sock'])
      assert.ok(adminSettingsOf({ http_listen }), http_listen)
    assert.ok(adminSettingsOf({ http_listen: '0.0.0.0', 'admin.token': 'a token' }))
    const tls = { 'admin.tls': true, 'admin.tls.crt_file': 'crt.pem', 'admin.tls.key_file': 'key.pem' }
    assert.throws(() => adminSettingsOf({ http_listen: '0.0.0.0', ...tls }), { code: 'ADMIN_TOO_OPEN' })
    assert.ok(adminSettingsOf({ http_listen: '0.0.0.0', ...tls, 'admin.tls.ca_file': 'ca.pem' }), 'clients have one')
    assert.throws(() => adminSettingsOf({ 'admin.tls': true }), { code: 'ADMIN_TLS_FILE' })
    const crl = { 'admin.tls': true, 'admin.tls.crt_file': 'a', 'admin.tls.key_file': 'b', 'admin.tls.crl_file': 'c' }
    assert.throws(() => adminSettingsOf(crl), { code: 'ADMIN_TLS_FILE', message: /^admin\.tls\.ca_file/ })
    assert.ok(!isLoopback('127.0.0.1.example.com'))
  })

  it('takes one token', () => {
    assert.throws(() => adminSettingsOf({ 'admin.token': ' ' }), { code: 'ADMIN_TOKEN_EMPTY' })
    const both = { 'admin.token': 'a', 'admin.token_file': 'b' }
    assert.throws(() => adminSettingsOf(both), { code: 'ADMIN_TOKEN_TWICE' })
  })

  it('tells pages of other servers nothing, though they come from this machine', async (t) => {
    const at = await startAdmin(t)
    const url = `http://${at}/ledger`
    assert.equal((await asked(url, { headers: { origin: 'https://evil.example' } }))[0], 403)
    assert.equal((await asked(url, { headers: { origin: 'null' } }))[0], 403)
    assert.equal((await asked(url, { headers: { origin: `http://${at}` } }))[0], 200)
    assert.equal(await statusFor(at, 'evil.example'), 421, 'a name that somebody else gave to 127.0.0.1')
    assert.equal(await statusFor(at, `localhost:${at.split(':')[1]}`), 200)
  })

  it('serves a unix socket', async (t) => {
    const path = join(folderOf(t, {}), 'admin.sock')
    await startAdmin(t, { service: { http_listen: `unix:${path}` } })
    const status = await new Promise((resolve, reject) => {
      const asking = request({ socketPath: path, path: '/health/ready', headers: { host: 'sluice' } }, (answer) => {
        resolve(answer.resume().statusCode)
      })
      asking.on('error', reject).end()
    })
    assert.equal(status, 200)
  })
})

/** fetch writes this header by itself. */
function statusFor(at: string, host: string): Promise<number | undefined> {
  const [hostname, port] = at.split(':')
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path: '/ledger', headers: { host } }, (answer) => {
      resolve(answer.resume().statusCode)
    })
    asking.on('error', reject).end()
  })
}
