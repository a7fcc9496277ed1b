import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'

import { folderOf } from '../support/folder.js'
import { ingesting } from '../support/http-ingest.js'
import { peer } from '../support/peers.js'
import { TestProcess } from '../support/process.js'

const ndjson = 'Content-Type: application/x-ndjson'
/** What stands in a head before the answer that a client waits for. */
const goOn = /HTTP\/1\.1 100 Continue/

/** What curl prints on its two outputs; it answers with the status of the last answer. */
async function curl(args: readonly string[]): Promise<{ readonly status: string; readonly log: string }> {
  const ran = new TestProcess(peer('curl').path, ['-sv', '-o', '/dev/null', '-w', '%{http_code}', ...args])
  assert.equal(await ran.exited, 0, ran.output)
  return { status: ran.stdout, log: ran.stderr }
}

function linesIn(t: TestContext, count: number): { readonly plain: string; readonly gzipped: string } {
  const lines = Array.from({ length: count }, (_, n) => `{"n":${n},"fill":"${'x'.repeat(80)}"}\n`).join('')
  const folder = folderOf(t, { plain: lines })
  writeFileSync(join(folder, 'gzipped'), gzipSync(lines))
  return { plain: `@${join(folder, 'plain')}`, gzipped: `@${join(folder, 'gzipped')}` }
}

describe('curl', { skip: peer('curl').skip }, () => {
  test('sends a file of ndjson, as it is and compressed', async (t) => {
    const { url, events } = await ingesting(t)
    const { plain, gzipped } = linesIn(t, 100)
    const sent = await curl([`${url}/app.log`, '-H', ndjson, '--data-binary', plain])
    const compressed = ['-H', ndjson, '-H', 'Content-Encoding: gzip', '--data-binary', gzipped]
    assert.deepEqual([sent.status, (await curl([`${url}/app.log`, ...compressed])).status], ['201', '201'])
    assert.deepEqual(
      events.map(({ tag, record }) => `${tag} ${String(record['n'])}`),
      Array.from({ length: 200 }, (_, n) => `app.log ${n % 100}`),
    )
  })

  test('sends a form where it is told no type', async (t) => {
    const { url, events } = await ingesting(t)
    assert.equal((await curl([url, '-d', 'a=1', '-d', 'b=x y'])).status, '201')
    assert.deepEqual(events[0]?.record, { a: '1', b: 'x y' })
  })

  test('sends a large body once it may, and in chunks of a length that it does not tell before', async (t) => {
    const { url, events } = await ingesting(t)
    const { plain } = linesIn(t, 20_000)
    for (const header of ['Expect: 100-continue', 'Transfer-Encoding: chunked']) {
      const { status, log } = await curl([url, '-H', ndjson, '-H', header, '--data-binary', plain])
      assert.equal(status, '201', header)
      if (header.startsWith('Expect')) assert.match(log, goOn)
    }
    assert.equal(events.length, 40_000)
  })

  test('is told no before it sends a body that is too long', async (t) => {
    const { url, events } = await ingesting(t, { input: { max_body_size: '1MB' } })
    const { plain } = linesIn(t, 20_000)
    const { status, log } = await curl([url, '-H', ndjson, '-H', 'Expect: 100-continue', '--data-binary', plain])
    assert.equal(status, '413')
    assert.doesNotMatch(log, goOn)
    assert.deepEqual(events, [])
  })

  test('sends one request after the other on one connection', async (t) => {
    const { url, events } = await ingesting(t)
    const requests = Array.from({ length: 20 }, (_, n) => ['--next', '-s', url, '--json', `{"n":${n}}`]).flat()
    const { log } = await curl([url, '--json', '{"n":-1}', ...requests])
    assert.equal(events.length, 21)
    assert.equal(log.match(/^\* Re-?using existing/gim)?.length, 20)
  })
})
