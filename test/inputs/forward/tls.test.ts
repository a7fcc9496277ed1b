import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { noOpenssl } from '../../support/certificate.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

/** OpenSSL's client, which passes on what it is given and prints what it gets. */
function client(t: TestContext, port: number, args: readonly string[]): ChildProcess {
  const child = spawn(
    'openssl',
    ['s_client', '-quiet', '-verify_return_error', '-connect', `localhost:${port}`, ...args],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  t.after(() => child.kill())
  child.stdin?.on('error', () => undefined) // a refusal is what is tested
  return child
}

describe('the forward input over TLS', { skip: noOpenssl }, () => {
  it('takes events of clients with a certificate that it trusts, and of no others', async (t) => {
    const authority = new CertificateAuthority(t)
    const stranger = new CertificateAuthority(t)
    const [server, known, unknown] = [authority.issue('localhost'), authority.issue('device'), stranger.issue('device')]
    const { context, port } = await forwardListening(t, {
      tls: true,
      'tls.crt_file': server.file,
      'tls.key_file': server.keyFile,
      'tls.verify_client_cert': 'require',
      'tls.ca_file': authority.file,
    })
    const message = packed('t', numberedEntries(2), { chunk: 'one' })
    const trusting = ['-CAfile', authority.file]
    const good = client(t, port, [...trusting, '-cert', known.file, '-key', known.keyFile])
    good.stdin?.write(message)
    const [answer] = (await once(good.stdout as NodeJS.EventEmitter, 'data')) as [Buffer]
    assert.deepEqual(answer, latin('\x81\xa3ack\xa3one'))
    for (const args of [
      trusting,
      [...trusting, '-cert', unknown.file, '-key', unknown.keyFile],
      [...trusting, '-tls1_1'],
    ]) {
      const refused = client(t, port, args)
      refused.stdin?.write(message)
      await once(refused, 'exit')
    }
    await context.until(() => context.counted['refused_tls_failed'] === 3)
    assert.equal(context.events.length, 2)
  })

  it('refuses a client that speaks none', async (t) => {
    const authority = new CertificateAuthority(t)
    const server = authority.issue('localhost')
    const files = { 'tls.crt_file': server.file, 'tls.key_file': server.keyFile }
    const { context, client: plain } = await forwardListening(t, { tls: true, ...files })
    const sender = await plain()
    sender.send(packed('t', numberedEntries(2), { chunk: 'one' }))
    await sender.closed
    assert.deepEqual([context.counted, context.taken], [{ refused_tls_failed: 1 }, []])
  })

  it('knows a client that speaks TLS where it does not', async (t) => {
    const { context, port } = await forwardListening(t)
    const child = client(t, port, [])
    await once(child, 'exit')
    assert.deepEqual(context.counted, { refused_not_forward: 1 })
    assert.match(String(context.log.lines.at(-1)?.fields?.['detail']), /got TLS: set tls/)
  })
})
