import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { numberText, openMetricsText, prometheusText } from '../../../src/http/exposition.js'
import { metricTable } from '../../../src/admin/metrics/metric-table.js'
import type { InputFigures, OutputFigures } from '../../../src/observe/ledger.js'
import { asked, startAdmin } from '../../support/admin.js'
import { peer } from '../../support/peers.js'
import { root } from '../../support/source-tree.js'
import { agentStatus, quietInput, quietLane, quietOutput } from '../../support/status.js'

const promtool = peer('promtool')

const nothing = { delivered: 0, pending: 0, dropped: {}, counters: {} }
const inputFigures: InputFigures = {
  ...nothing,
  accepted: 7,
  added: 1,
  filtered: 2,
  dropped: { no_route: 3 },
  counters: { lines: 9 },
}
const outputFigures: OutputFigures = {
  ...nothing,
  routed: 4,
  retried: 5,
  dead_lettered: 6,
  dropped: { refused: 1 },
  counters: { polls: 2 },
}

/** An agent that has a value for every metric. */
const full = agentStatus({
  ledger: { inputs: { a: inputFigures }, filters: { f: inputFigures }, outputs: { b: outputFigures } },
  inputs: { a: { ...quietInput, pausedMs: 1500, pauseMs: 250 } },
  outputs: { b: { ...quietOutput, breaker: 'open', oldestPendingMs: 2500, sinceSuccessMs: 3000 } },
  lanes: {
    default: {
      ...quietLane,
      mode: 'spill',
      trouble: 'limit',
      disk: { ingestedBytes: 1, writtenBytes: 2, syncs: 3, syncMs: 4, segments: 5, diskBytes: 6 },
    },
  },
})

async function scrape(at: string, accept = '*/*'): Promise<{ readonly type: string; readonly text: string }> {
  const answer = await fetch(`http://${at}/metrics`, { headers: { accept } })
  return { type: answer.headers.get('content-type') ?? '', text: await answer.text() }
}

const namesIn = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name.replace(/_total$/, ''))

describe('/metrics', () => {
  it('passes the check of promtool', { skip: promtool.skip }, async (t) => {
    const { text } = await scrape(await startAdmin(t, { status: () => full }))
    const check = spawnSync(promtool.path, ['check', 'metrics'], { input: text, encoding: 'utf8' })
    assert.deepEqual([check.status, check.stdout, check.stderr], [0, '', ''])
    const broken = spawnSync(promtool.path, ['check', 'metrics'], { input: `${text}x_total{ 1\n` })
    assert.notEqual(broken.status, 0, 'it would have told')
  })

  it('has every documented metric, and documents every one that it has', async (t) => {
    const at = await startAdmin(t, { status: () => full })
    await asked(`http://${at}/`, { headers: { origin: 'https://evil.example' } }) // which is counted
    const { text } = await scrape(at)
    const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8')
    const documented = [...page.matchAll(/^\| `(sluice_\w+)` /gm)].map(([, name = '']) => name.replace(/_total$/, ''))
    assert.deepEqual(namesIn(text).sort(), documented.sort())
    assert.ok(documented.length > 40)
    for (const name of documented) assert.match(text, new RegExp(`^${name}(_total)?[ {]`, 'm'), `${name} has a value`)
  })

  it('tells the agent as it is', async (t) => {
    const { text, type } = await scrape(await startAdmin(t, { status: () => full }))
    assert.match(type, /^text\/plain; version=0\.0\.4/)
    for (const line of [
      'sluice_input_accepted_events_total{input="a"} 7',
      'sluice_input_dropped_events_total{input="a",reason="no_route"} 3',
      'sluice_input_counts_total{input="a",counter="lines"} 9',
      'sluice_input_paused_seconds_total{input="a"} 1.5',
      'sluice_output_breaker{output="b",state="open"} 1',
      'sluice_output_breaker{output="b",state="closed"} 0',
      'sluice_output_oldest_pending_seconds{output="b"} 2.5',
      'sluice_output_since_success_seconds{output="b"} 3',
      'sluice_lane_disk_trouble{lane="default",trouble="limit"} 1',
      'sluice_ready 0',
    ])
      assert.ok(text.split('\n').includes(line), `${line} in\n${text}`)
  })

  it('is OpenMetrics for whoever asks for it, with units', async (t) => {
    const at = await startAdmin(t, { status: () => full })
    const { text, type } = await scrape(at, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5')
    assert.match(type, /^application\/openmetrics-text; version=1\.0\.0/)
    assert.match(
      text,
      /^# TYPE sluice_input_paused_seconds counter\n# UNIT sluice_input_paused_seconds seconds\n# HELP /m,
    )
    assert.match(text, /^sluice_input_paused_seconds_total\{input="a"\} 1\.5$/m)
    assert.ok(text.endsWith('\n# EOF\n'))
  })
})

describe('the table of metrics', () => {
  it('has each name once, which ends in its unit', () => {
    const names = metricTable.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const { name, unit } of metricTable) assert.ok(unit === undefined || name.endsWith(`_${unit}`), name)
  })
})

describe('the text of metrics', () => {
  const family = { name: 'x', type: 'gauge', help: 'a "quoted" \\ line\nand more' } as const

  it('escapes what labels and helps may hold', () => {
    const text = prometheusText.text([{ ...family, samples: [{ labels: { id: 'a"b\\c\nd' }, value: 1 }] }])
    assert.equal(text, '# HELP x a "quoted" \\\\ line\\nand more\n# TYPE x gauge\nx{id="a\\"b\\\\c\\nd"} 1\n')
    const open = openMetricsText.text([{ ...family, samples: [] }])
    assert.equal(open, '# TYPE x gauge\n# HELP x a \\"quoted\\" \\\\ line\\nand more\n# EOF\n')
  })

  it('has words for numbers that are none', () => {
    assert.deepEqual([1.5, Infinity, -Infinity, Number.NaN, 1e21].map(numberText), [
      '1.5',
      '+Inf',
      '-Inf',
      'NaN',
      '1e+21',
    ])
  })
})
