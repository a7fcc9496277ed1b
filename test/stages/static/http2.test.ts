import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { test } from 'node:test'

import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { serveFiles } from '../../support/static-server.js'

test('over HTTP/2 a file comes as a whole, in part, not at all, and is given up where nobody takes it', async (t) => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const { url, root } = await serveFiles(t, { files: { 'www/a.txt': '0123456789' }, context })
  writeFileSync(join(root, 'big'), Buffer.alloc(20_000_000, 'x'))
  const session = connect(url)
  t.after(() => session.destroy())
  const ask = async (headers: object): Promise<readonly unknown[]> => {
    const stream = session.request({ ':path': '/a.txt', ...headers })
    const [told] = (await once(stream, 'response')) as [{ readonly ':status': number; readonly etag?: string }]
    let body = ''
    for await (const part of stream) body += String(part)
    return [told[':status'], body.length > 20 ? body.length : body, told.etag]
  }
  const [status, body, etag] = await ask({})
  assert.deepEqual([status, body], [200, '0123456789'])
  assert.deepEqual((await ask({ range: 'bytes=2-3' })).slice(0, 2), [206, '23'])
  assert.deepEqual((await ask({ 'if-none-match': etag })).slice(0, 2), [304, ''])
  assert.deepEqual((await ask({ ':path': '/big' })).slice(0, 2), [200, 20_000_000])
  const stalled = session.request({ ':path': '/big' })
  await once(stalled, 'response')
  stalled.pause()
  while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
  await clock.advance(60_000)
  assert.equal(clock.waiting, 0)
  stalled.resume()
  await once(stalled, 'close')
  assert.deepEqual((await ask({})).slice(0, 2), [200, '0123456789'])
})
