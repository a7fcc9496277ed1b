import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Certificate, noOpenssl } from '../support/certificate.js'
import { ingesting } from '../support/http-ingest.js'
import { TestProcess } from '../support/process.js'
import { within } from '../support/within.js'

/** Node ends a connection at the fourth within ten minutes (`tls.CLIENT_RENEG_LIMIT`). */
const tooMany = 4

test('a client that asks for handshake after handshake is let go, and counted', { skip: noOpenssl }, async (t) => {
  const certificate = new Certificate()
  t.after(() => certificate.remove())
  const tls = { tls: true, 'tls.crt_file': certificate.file, 'tls.key_file': certificate.keyFile }
  const { port, agent } = await ingesting(t, { input: tls })
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_2', '-legacy_renegotiation']
  const client = new TestProcess('openssl', args)
  t.after(() => client.stop('SIGKILL'))
  // It does as the lines say that it reads, one of them at a time, and complains of the certificate once in each handshake.
  const handshakes = (): number => client.stderr.split('verify error').length - 1
  await client.until(() => client.stdout.includes('Verify return code'), 'its first handshake is done')
  for (let asked = 1; asked <= tooMany; asked++) {
    await client.until(() => handshakes() === asked, `handshake ${asked} is done`)
    client.stdin?.write('R\n')
  }
  assert.equal(await within(10_000, client.exited, 'the end of the connection'), 1)
  assert.equal(handshakes(), tooMany)
  assert.equal(agent.ledger.inputs['http.0']?.counters['refused_tls_renegotiated'], 1)
})
