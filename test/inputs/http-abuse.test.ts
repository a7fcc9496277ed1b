import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

import { folderOf } from '../support/folder.js'
import { peakMemoryMiB } from '../support/memory.js'
import { peer } from '../support/peers.js'
import { accepts, freePort } from '../support/ports.js'
import { run } from '../support/program.js'
import { sluice } from '../support/sluice.js'
import { root } from '../support/source-tree.js'

const python = '/usr/bin/python3'
const script = join(root, 'test/support/http2-abuse.py')
const h2load = peer('h2load')
const noH2 = spawnSync(python, ['-c', 'import h2']).status === 0 ? h2load.skip : 'python3-h2 is missing'

/** From Node 24 on nobody is told of a head that is too long: that there were many is seen within a second or two. */
const bombs = Number.parseInt(process.versions.node, 10) < 24 ? 10_000 : 100_000

/** What the agent counts for each attack, and after how many frames at most it takes no more of them. */
const attacks: readonly (readonly [name: string, reason: string, frames: number])[] = [
  ['rapid_reset', 'too_many_resets', 100_000],
  ['rapid_reset_without_error', 'too_many_resets', 100_000],
  ['made_you_reset', 'broken_http2', 100_000],
  ['continuation', 'broken_http2', 10_000],
  ['empty_continuation', 'broken_http2', 100_000],
  ['header_bomb', 'broken_http2', bombs],
  ['empty_data', 'broken_http2', 100_000],
  ['settings', 'broken_http2', 100_000],
  ['ping', 'broken_http2', 100_000],
  ['zero_window', 'too_slow_to_read', 101],
  ['many_streams', 'broken_http2', 1000],
]

const limits = { request_timeout: '500ms', idle_timeout: '500ms' }

interface Told {
  readonly attack: string
  readonly frames: number
  readonly closed: boolean
}

test('clients that abuse HTTP/2 lose their connection, and others notice nothing', { skip: noH2 }, async (t) => {
  const [port, admin] = [await freePort(), await freePort()]
  const file = join(folderOf(t, { 'a.json': configuration(port, admin) }), 'a.json')
  const agent = sluice(t, ['run', '-c', file])
  for (const each of [port, admin]) await agent.until(() => accepts(each), 'it listens')
  const url = `http://127.0.0.1:${port}/x`
  const before = peakMemoryMiB(agent.pid) ?? 0
  const others = run(h2load.path, ['-D', '2', '-c', '2', '-m', '4', '-d', file, '-H', 'content-type: text/plain', url])
  for (const [name, reason, most] of attacks) {
    const counted = await countOf(admin, reason)
    const { stdout, output } = await run(python, [script, String(port), name])
    assert.notEqual(stdout, '', output)
    const { closed, frames } = JSON.parse(stdout) as Told
    assert.ok(closed && frames <= most, stdout)
    assert.ok((await countOf(admin, reason)) > counted, `${name} is not counted as ${reason}`)
    assert.equal((await fetch(url, { method: 'POST', body: '{}', headers: json })).status, 201)
  }
  const { output } = await others
  assert.match(output, /, (\d+) succeeded, 0 failed, 0 errored, 0 timeout/)
  const grown = (peakMemoryMiB(agent.pid) ?? Infinity) - before
  assert.ok(grown < 64, `it grew by ${grown} MiB`)
})

const json = { 'content-type': 'application/json' }

function configuration(port: number, admin: number): string {
  const input = { name: 'http', port, ...limits }
  const service = { http_server: 'on', http_port: admin, log_level: 'off' }
  return JSON.stringify({ service, pipeline: { inputs: [input], outputs: [{ name: 'null', match: '*' }] } })
}

async function countOf(admin: number, reason: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
  return Number(new RegExp(String.raw`counter="refused_${reason}"\} (\d+)`).exec(text)?.[1] ?? 0)
}
