import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'

import type { ReloadAnswer } from '../../../src/admin/reloads.js'
import { sizeText, storageJson } from '../../../src/admin/fluent-bit/storage-json.js'
import { uptimeJson } from '../../../src/admin/fluent-bit/service-json.js'
import { asked, startAdmin } from '../../support/admin.js'
import { FakeClock } from '../../support/fake-clock.js'
import { agentStatus, quietInput, quietLane, quietOutput } from '../../support/status.js'

const busy = agentStatus({
  uptimeMs: 90_061_500,
  inputs: { 'cpu.0': { ...quietInput, events: 8, bytes: 2536 } },
  filters: { 'grep.0': { plugin: 'grep' } },
  outputs: {
    'stdout.0': { ...quietOutput, events: 5, bytes: 1585, refusals: 1, retries: 2, givenUp: 3 },
  },
})

/** What Fluent Bit answers, as its documentation shows it. */
const golden: { readonly [path: string]: string } = {
  '/api/v1/uptime':
    '{"uptime_sec":90061,"uptime_hr":"Fluent Bit has been running:  1 day, 1 hour, 1 minute and 1 second"}',
  '/api/v1/plugins': '{"plugins":{"inputs":["cpu"],"filters":["grep"],"outputs":["stdout"]}}',
  '/api/v1/metrics':
    '{"input":{"cpu.0":{"records":8,"bytes":2536}},"filter":{},"output":{"stdout.0":{"proc_records":5,"proc_bytes":1585,"errors":1,"retries":2,"retries_failed":3}}}',
  '/api/v2/health':
    '{"status":"ok","errors":0,"retries_failed":0,"error_limit":5,"retry_failure_limit":5,"period_limit":60}',
  '/api/v2/reload': '{"hot_reload_count":0}',
}

describe('what Fluent Bit serves', () => {
  for (const [path, json] of Object.entries(golden))
    it(`is at ${path} with the same JSON`, async (t) => {
      const at = await startAdmin(t, { status: () => busy })
      const answer = await fetch(`http://${at}${path}`)
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json'])
      assert.equal(await answer.text(), json)
    })

  it('has what it is at /, under the name that is looked for', async (t) => {
    const [, body] = await asked(`http://${await startAdmin(t)}/`)
    const { 'fluent-bit': build, sluice } = JSON.parse(body) as { [name: string]: { version: string; edition: string } }
    assert.deepEqual([build?.version, build?.edition, sluice?.version], ['1.2.3', 'Community', '1.2.3'])
  })

  it('has its metrics in the text of Prometheus, with a time and sorted by name', async (t) => {
    const clock = new FakeClock()
    clock.setWall(1_509_150_350_542.7)
    const at = await startAdmin(t, { status: () => busy, clock })
    const answer = await fetch(`http://${at}/api/v1/metrics/prometheus`)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('fluentbit_'))
    assert.deepEqual(lines, [
      'fluentbit_input_bytes_total{name="cpu.0"} 2536 1509150350542',
      'fluentbit_input_records_total{name="cpu.0"} 8 1509150350542',
      'fluentbit_output_errors_total{name="stdout.0"} 1 1509150350542',
      'fluentbit_output_proc_bytes_total{name="stdout.0"} 1585 1509150350542',
      'fluentbit_output_proc_records_total{name="stdout.0"} 5 1509150350542',
      'fluentbit_output_retries_failed_total{name="stdout.0"} 3 1509150350542',
      'fluentbit_output_retries_total{name="stdout.0"} 2 1509150350542',
      'fluentbit_build_info{version="1.2.3",edition="Community"} 1',
    ])
  })

  it('has them once more for v2, with the name of the host and no time', async (t) => {
    const clock = new FakeClock()
    clock.setWall(1_700_000_123_456)
    const at = await startAdmin(t, { status: () => busy, clock })
    const [, prometheus] = await asked(`http://${at}/api/v2/metrics/prometheus`)
    assert.ok(prometheus.includes(`\nfluentbit_uptime{hostname="${hostname()}"} 90061\n`), prometheus)
    assert.ok(prometheus.includes('\nfluentbit_output_retries_failed_total{name="stdout.0"} 3\n'))
    const [, text] = await asked(`http://${at}/api/v2/metrics`)
    assert.ok(text.includes('2023-11-14T22:15:23.456000000Z fluentbit_input_records_total{name="cpu.0"} = 8\n'), text)
  })

  for (const method of ['POST', 'PUT'])
    it(`reloads on ${method}, and says what becomes of it`, async (t) => {
      const refused = { outcome: 'refused', problems: ['a: wrong'] } as const
      const outcomes: ReloadAnswer[] = [
        { outcome: 'begun' },
        { outcome: 'in progress' },
        refused,
        { outcome: 'stopping' },
      ]
      const reloads = { count: 0, reload: () => Promise.resolve(outcomes.shift() as ReloadAnswer) }
      const url = `http://${await startAdmin(t, { reloads })}/api/v2/reload`
      assert.deepEqual(await asked(url, { method }), [200, '{"reload":"done","status":0}'])
      assert.deepEqual(await asked(url, { method }), [400, '{"reload":"in progress","status":-2}'])
      assert.deepEqual(await asked(url, { method }), [400, '{"reload":"refused","status":-3,"problems":["a: wrong"]}'])
      assert.deepEqual(await asked(url, { method }), [503, '{"reload":"stopping","status":-4}'])
    })

  it('does not say that it reloads what it cannot or must not reload', async (t) => {
    const post = async (given: Parameters<typeof startAdmin>[1]) =>
      asked(`http://${await startAdmin(t, given)}/api/v2/reload`, { method: 'POST' })
    const reloads = { count: 0, reload: () => assert.fail('it was asked not to') }
    assert.deepEqual(await post({}), [501, '{"reload":"unsupported","status":-1}'])
    const service = { hot_reload: false }
    assert.deepEqual(await post({ reloads, service }), [403, '{"reload":"not enabled","status":-1}'])
  })

  it('tells how often it was reloaded', async (t) => {
    const at = await startAdmin(t, { status: () => agentStatus({ reloads: 3 }) })
    assert.deepEqual(await asked(`http://${at}/api/v2/reload`), [200, '{"hot_reload_count":3}'])
    const [, text] = await asked(`http://${at}/api/v2/metrics/prometheus`)
    assert.match(text, /\nfluentbit_hot_reloaded_times\{hostname="[^"]*"\} 3\n/)
    assert.match((await asked(`http://${at}/metrics`))[1], /\nsluice_reloads 3\n/)
  })
})

describe('the health of Fluent Bit', () => {
  it('is an error while more failed within the period than it bears', async (t) => {
    const clock = new FakeClock()
    let outputs = { out: quietOutput }
    const service = { hc_errors_count: 2, hc_retry_failure_count: 5, hc_period: '60s' }
    const at = await startAdmin(t, { clock, service, status: () => agentStatus({ outputs }) })
    const health = (): Promise<readonly [number, string]> => asked(`http://${at}/api/v1/health`)
    outputs = { out: { ...quietOutput, refusals: 2, givenUp: 5 } }
    assert.deepEqual(await health(), [200, 'ok\n'], 'as many as it bears')
    outputs = { out: { ...quietOutput, refusals: 3, givenUp: 5 } }
    assert.deepEqual(await health(), [500, 'error\n'])
    const [status, body] = await asked(`http://${at}/api/v2/health`)
    assert.deepEqual([status, (JSON.parse(body) as { errors: number }).errors], [500, 3])
    await clock.advance(61_000)
    assert.deepEqual(await health(), [200, 'ok\n'], 'nothing failed within the last minute')
  })
})

describe('the storage of Fluent Bit', () => {
  it('tells chunks in memory from those on disk', () => {
    const chunks = { memory: 5, bytes: 3000, busy: 2, busyBytes: 1024, both: 1, disk: 4 }
    const status = agentStatus({
      inputs: { 'cpu.0': { ...quietInput, hasRoom: false, chunks } },
      lanes: { default: { ...quietLane, chunks } },
    })
    assert.deepEqual(storageJson(status), {
      storage_layer: {
        chunks: { total_chunks: 8, mem_chunks: 4, fs_chunks: 4, fs_chunks_up: 1, fs_chunks_down: 3 },
      },
      input_chunks: {
        'cpu.0': {
          status: { overlimit: true, mem_size: '2.9K', mem_limit: '64.0M' },
          chunks: { total: 8, up: 5, down: 3, busy: 2, busy_size: '1.0K' },
        },
      },
    })
  })

  it('writes sizes as Fluent Bit does', () => {
    assert.deepEqual([0, 1023, 1024, 1536, 1_048_576].map(sizeText), ['0b', '1023b', '1.0K', '1.5K', '1.0M'])
  })
})

it('a time of running has plurals from two on', () => {
  const text = 'Fluent Bit has been running:  103 days, 14 hours, 6 minutes and 40 seconds'
  assert.deepEqual(uptimeJson({ uptimeMs: 8_950_000_000 }), { uptime_sec: 8_950_000, uptime_hr: text })
})
