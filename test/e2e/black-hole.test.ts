import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../support/folder.js'
import { peakMemoryMiB } from '../support/memory.js'
import type { TestProcess } from '../support/process.js'
import { linesOf, rowOf, sluice } from '../support/sluice.js'

const seconds = 3
const probes = seconds * 50
/** What the settings below let an event wait is 50 ms; a live output that waited for the dead one would wait for ever. */
const toleratedMs = 100

/** Every connection is accepted, and then nothing is read, and nothing answered. */
async function silentServer(t: TestContext): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.pause().on('error', () => undefined)))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** An agent that makes events of 200 bytes, and 50 small ones a second that it shows. */
function startAgent(t: TestContext, input: object, outputs: readonly object[]): TestProcess {
  const bulk = { name: 'dummy', tag: 'bulk', full: 'drop_oldest', dummy: { text: 'x'.repeat(190) }, ...input }
  const probe = { name: 'dummy', tag: 'probe', full: 'drop_oldest', rate: 50, samples: probes }
  const shown = { name: 'stdout', match: 'probe', format: 'json_lines' }
  const config = {
    service: { flush: '50ms', memory_limit: '8MiB', grace: '200ms' },
    pipeline: { inputs: [bulk, probe], outputs: [shown, ...outputs] },
  }
  // JSON is YAML.
  return sluice(t, ['run', '-c', join(folderOf(t, { 'a.yaml': JSON.stringify(config) }), 'a.yaml')])
}

/** How long each probe took from its making to here, in milliseconds, in their order of size. */
async function delaysOf(agent: TestProcess): Promise<number[]> {
  const delays: number[] = []
  const noteNew = (): boolean => {
    const now = performance.timeOrigin + performance.now()
    for (const line of linesOf(agent.stdout).slice(delays.length))
      delays.push(now - (JSON.parse(line) as { readonly date: number }).date * 1000)
    return delays.length === probes
  }
  await agent.until(noteNew, 'it shows every probe')
  return delays.sort((one, other) => one - other)
}

const medianOf = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? NaN

test('outputs beside a black hole get every event, and get it no later', async (t) => {
  const count = seconds * 20_000
  const input = { rate: 20_000, samples: count }
  const folders = [folderOf(t, {}), folderOf(t, {})] as const
  const fileIn = (path: string): object => ({ name: 'file', match: 'bulk', path, file: 'out', format: 'json_lines' })
  const hole = { name: 'forward', match: '*', port: await silentServer(t) }
  const alone = startAgent(t, input, [fileIn(folders[0])])
  const beside = startAgent(t, input, [fileIn(folders[1]), hole])

  const [aloneMs, besideMs] = (await Promise.all([delaysOf(alone), delaysOf(beside)])).map(medianOf)
  assert.ok(Number(besideMs) < Number(aloneMs) + toleratedMs, `${besideMs} ms, without a black hole ${aloneMs} ms`)
  assert.equal(await alone.exited, 0, alone.stderr)
  assert.equal(await beside.exited, 75, beside.stderr)
  for (const [index, { stderr }] of [alone, beside].entries()) {
    assert.equal(linesOf(readFileSync(join(folders[index] ?? '', 'out'), 'utf8')).length, count)
    assert.deepEqual(rowOf(stderr, 'file.0'), { accepted: count, delivered: count, dropped: 0, left: 0, notes: '' })
    assert.deepEqual(rowOf(stderr, 'stdout.0'), { accepted: probes, delivered: probes, dropped: 0, left: 0, notes: '' })
  }
  assertDropsCounted(beside, count + probes)
})

/** What the dead output could not get was dropped for want of memory, but for what still fitted. */
function assertDropsCounted({ stderr }: TestProcess, count: number): void {
  const { accepted, delivered, dropped, left, notes } = rowOf(stderr, 'forward.0')
  assert.deepEqual([accepted, delivered], [count, 0])
  assert.ok(dropped > 0 && left > 0, stderr)
  assert.equal(dropped + left, count)
  assert.equal(notes, `memory_full ${dropped}`)
  assert.equal(rowOf(stderr, 'dummy.0').dropped + rowOf(stderr, 'dummy.1').dropped, dropped)
}

test('a black hole costs no more memory than the limit, however much is dropped', async (t) => {
  // Together 20 MB a second: seven times the limit in the time of the test.
  const input = { rate: 100, copies: 1000, samples: seconds * 100 }
  const hole = { name: 'forward', match: '*', port: await silentServer(t) }
  const free = startAgent(t, input, [{ name: 'null', match: 'bulk' }])
  const full = startAgent(t, input, [hole])
  const [freeMiB, fullMiB] = await Promise.all([peakOf(free), peakOf(full)])
  // What V8 has not collected yet, and the batch that is on its way.
  const [limitMiB, slackMiB] = [8, 24]
  assert.ok(fullMiB < freeMiB + limitMiB + slackMiB, `${fullMiB} MiB, without a black hole ${freeMiB} MiB`)
  assert.equal(await full.exited, 75, full.stderr)
  assert.ok(rowOf(full.stderr, 'forward.0').dropped > (seconds - 1) * 100_000, full.stderr)
})

/** The most memory that an agent held until it showed its last probe, in MiB. */
async function peakOf(agent: TestProcess): Promise<number> {
  let peak = 0
  const look = (): boolean => {
    peak = Math.max(peak, peakMemoryMiB(agent.pid) ?? 0)
    return linesOf(agent.stdout).length === probes
  }
  await agent.until(look, 'it shows every probe')
  return peak
}
