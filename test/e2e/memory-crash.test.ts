import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import { folderOf } from '../support/folder.js'
import { ForwardServer } from '../support/forward-server.js'
import { freePort } from '../support/ports.js'
import { linesOf, rowOf, sluice } from '../support/sluice.js'

/** A pipeline that holds events in memory alone, though there is a place for what its inputs remember. */
async function gateway(t: TestContext, input: string) {
  const port = await freePort()
  const config = `
service: {flush: 20ms, scheduler.base: 50ms, scheduler.cap: 100ms, storage: {path: storage, mode: memory}}
pipeline:
  inputs: [${input}]
  outputs: [{name: forward, match: '*', port: ${port}}]
`
  const folder = folderOf(t, { 'sluice.yaml': config, 'app.log': '' })
  const start = () => sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder })
  const receive = async (): Promise<ForwardServer> => {
    const server = await new ForwardServer().listen({ port })
    t.after(() => server.close())
    return server
  }
  return { folder, start, receive }
}

const numbered = (count: number): string => Array.from({ length: count }, (_, n) => `line ${n}\n`).join('')
const linesIn = ({ events }: ForwardServer): unknown[] => events.map(({ record }) => record['log'])

test('a file is read again from what was delivered, when an agent without a disk is killed', async (t) => {
  const { folder, start, receive } = await gateway(t, '{name: tail, path: app.log, read_from_head: on, tag: app}')
  writeFileSync(join(folder, 'app.log'), numbered(1000))
  const first = start()
  await first.until(() => first.stderr.includes('delivery failed'), 'it has read, and could deliver nothing')
  await first.stop('SIGKILL')
  const server = await receive()
  const second = start()
  await server.until(() => server.events.length >= 1000)
  assert.deepEqual(linesIn(server), linesOf(numbered(1000)))
  assert.equal(await second.stop('SIGTERM'), 0, second.stderr)
})

test('what a pipe gave an agent without a disk is gone when it is killed', async (t) => {
  const { start, receive } = await gateway(t, '{name: stdin, tag: app}')
  const first = start()
  first.stdin?.write('{"log":"lost"}\n'.repeat(1000))
  await first.until(() => first.stderr.includes('delivery failed'), 'it has read, and could deliver nothing')
  await first.stop('SIGKILL')
  const server = await receive()
  const second = start()
  second.stdin?.end('{"log":"one more"}\n')
  assert.equal(await second.exited, 0, second.stderr)
  assert.deepEqual(linesIn(server), ['one more'])
  assert.equal(rowOf(second.stderr, 'stdin.0').left, 0)
})
