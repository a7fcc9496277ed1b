import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { Certificate, noOpenssl } from './certificate.js'
import { folderOf } from './folder.js'
import { peakMemoryMiB } from './memory.js'
import { peer } from './peers.js'
import { accepts, freePort } from './ports.js'
import { run } from './program.js'
import { sluice } from './sluice.js'
import { root } from './source-tree.js'

const python = '/usr/bin/python3'
const script = join(root, 'test/support/http2-abuse.py')
const h2load = peer('h2load')
const curl = peer('curl')
const noH2 = spawnSync(python, ['-c', 'import h2']).status === 0 ? h2load.skip : 'python3-h2 is missing'

/** Why tests of abuse are skipped, or false. */
export const noAbuse = noH2 || curl.skip || noOpenssl

/** What the agent counts for each attack, and after how many frames at most it takes no more of them. */
const attacks: readonly (readonly [name: string, reason: string, frames: number])[] = [
  ['rapid_reset', 'too_many_resets', 100_000],
  ['rapid_reset_without_error', 'too_many_resets', 100_000],
  ['made_you_reset', 'broken_http2', 100_000],
  ['continuation', 'broken_http2', 10_000],
  ['empty_continuation', 'broken_http2', 100_000],
  ['header_bomb', 'broken_http2', 10_000],
  ['many_fields', 'broken_http2', 100_000],
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

/**
 * Every attack on the program itself, by clients that speak HTTP/2 at once or agree on it by TLS. They lose their connection and are
 * counted, others notice nothing, and memory does not grow.
 */
export async function abuse(t: TestContext, transport: 'tcp' | 'tls'): Promise<void> {
  const [port, admin] = [await freePort(), await freePort()]
  const file = join(folderOf(t, { 'a.json': configuration(t, transport, port, admin) }), 'a.json')
  const agent = sluice(t, ['run', '-c', file])
  for (const each of [port, admin]) await agent.until(() => accepts(each), 'it listens')
  const url = `${transport === 'tls' ? 'https' : 'http'}://127.0.0.1:${port}/x`
  const before = peakMemoryMiB(agent.pid) ?? 0
  const others = run(h2load.path, ['-D', '2', '-c', '2', '-m', '4', '-d', file, '-H', 'content-type: text/plain', url])
  for (const [name, reason, most] of attacks) {
    const counted = await countOf(admin, reason)
    const { stdout, output } = await run(python, [script, transport, String(port), name])
    assert.notEqual(stdout, '', output)
    const { closed, frames } = JSON.parse(stdout) as Told
    assert.ok(closed && frames <= most, stdout)
    assert.ok((await countOf(admin, reason)) > counted, `${name} is not counted as ${reason}`)
    assert.equal((await run(curl.path, [...posting, url])).stdout, '201', `after ${name}`)
  }
  const { output } = await others
  assert.match(output, /, (\d+) succeeded, 0 failed, 0 errored, 0 timeout/)
  const grown = (peakMemoryMiB(agent.pid) ?? Infinity) - before
  assert.ok(grown < 64, `it grew by ${grown} MiB`)
}

/** A client like any other, which tells the status. */
const posting = ['-sk', '-w', '%{http_code}', '-H', 'content-type: application/json', '-d', '{}']

function configuration(t: TestContext, transport: 'tcp' | 'tls', port: number, admin: number): string {
  const input = { name: 'http', port, ...limits, ...(transport === 'tls' ? secured(t) : {}) }
  const service = { http_server: 'on', http_port: admin, log_level: 'off' }
  return JSON.stringify({ service, pipeline: { inputs: [input], outputs: [{ name: 'null', match: '*' }] } })
}

function secured(t: TestContext): object {
  const certificate = new Certificate()
  t.after(() => certificate.remove())
  return { tls: true, 'tls.crt_file': certificate.file, 'tls.key_file': certificate.keyFile }
}

async function countOf(admin: number, reason: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
  return Number(new RegExp(String.raw`counter="refused_${reason}"\} (\d+)`).exec(text)?.[1] ?? 0)
}
