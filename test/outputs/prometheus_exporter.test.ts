import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import prometheusExporter from '../../outputs/prometheus_exporter/index.js'
import { metricName } from '../../outputs/prometheus_exporter/readings.js'
import { batchOf } from '../support/batch.js'
import { FakeClock } from '../support/fake-clock.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'

const promtool = peer('promtool')

async function exporter(t: TestContext, raw: { readonly [option: string]: unknown } = {}) {
  const clock = new FakeClock()
  const context = new RecordingOutputContext(clock)
  const output = await prometheusExporter.create(optionsOf(prometheusExporter, { port: 0, ...raw }), context)
  t.after(() => output.close?.())
  const flush = (...samples: Parameters<typeof batchOf>[0]) =>
    output.flush(batchOf(samples), AbortSignal.timeout(10_000))
  const answer = async (path = '/metrics', accept = '*/*'): Promise<Response> => {
    const { fields } = await context.log.line('listening')
    const [address] = (fields?.['addresses'] ?? []) as readonly string[]
    return fetch(`http://${address}${path}`, { headers: { accept } })
  }
  const page = async (): Promise<string> => (await answer()).text()
  /** The values, without the lines on their metrics. */
  const values = async (): Promise<string[]> =>
    (await page()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return { clock, context, output, flush, answer, page, values }
}

describe('the output prometheus_exporter', () => {
  it('serves the last value of each numeric field as a gauge', async (t) => {
    const { flush, page } = await exporter(t)
    await flush(
      { tag: 'host.mem', record: { free: 1, total: 9, name: 'ram', swap: false } },
      { tag: 'host.mem', record: { free: 2.5, total: 2n ** 40n, swap: true, nested: { n: 1 } } },
    )
    assert.equal(
      await page(),
      [
        '# HELP host_mem_free The last value of the field free.',
        '# TYPE host_mem_free gauge',
        'host_mem_free 2.5',
        '# HELP host_mem_swap The last value of the field swap.',
        '# TYPE host_mem_swap gauge',
        'host_mem_swap 1',
        '# HELP host_mem_total The last value of the field total.',
        '# TYPE host_mem_total gauge',
        'host_mem_total 1099511627776\n',
      ].join('\n'),
    )
  })

  it('tells series apart by labels, and takes the fields that are asked for', async (t) => {
    const labels = { bus: '$bus', site: 'north', none: '$none' }
    const { flush, values } = await exporter(t, { metric: 'vehicle', labels, fields: ['speed'] })
    await flush(
      { record: { bus: 'can0', speed: 81, fuel: 44 } },
      { record: { bus: 'can"1"', speed: 12 } },
      { record: { bus: 'can0', speed: 82 } },
    )
    assert.deepEqual(await values(), [
      'vehicle_speed{bus="can\\"1\\"",site="north"} 12',
      'vehicle_speed{bus="can0",site="north"} 82',
    ])
  })

  it('takes the labels of Fluent Bit', async (t) => {
    const { flush, values } = await exporter(t, { add_label: ['site north', 'line 3'] })
    await flush({ tag: 'a', record: { n: 1 } })
    assert.deepEqual(await values(), ['a_n{site="north",line="3"} 1'])
  })

  it('passes the check of promtool, whatever tags and fields are called', { skip: promtool.skip }, async (t) => {
    const { flush, page } = await exporter(t, { labels: { text: '$text' } })
    await flush(
      { tag: '1.ä/x', record: { 'eth0.rx-bytes': 1, '': 2, text: 'a"b\\c\nd' } },
      { tag: 'b', record: { huge: 1e300, infinite: Infinity, none: Number.NaN, less: -Infinity } },
    )
    const text = await page()
    const check = spawnSync(promtool.path, ['check', 'metrics'], { input: text, encoding: 'utf8' })
    assert.ok(check.status === 0 || check.status === 3, `${check.stderr}\n${text}`) // 3 is a matter of taste, such as "rx_bytes"
    assert.ok(text.includes('\n_1___x_eth0_rx_bytes{text="a\\"b\\\\c\\nd"} 1\n'), text)
    assert.ok(text.includes('\nb_infinite +Inf\n'))
  })

  it('serves OpenMetrics to whoever asks for it, at the path that is asked for', async (t) => {
    const { flush, answer } = await exporter(t, { metrics_path: '/m' })
    await flush({ tag: 'a', record: { n: 1 } })
    const open = await answer('/m', 'application/openmetrics-text; version=1.0.0')
    assert.match(open.headers.get('content-type') ?? '', /^application\/openmetrics-text/)
    assert.ok((await open.text()).endsWith('a_n 1\n# EOF\n'))
    assert.equal((await answer('/metrics')).status, 404)
  })

  it('forgets what no newer value follows', async (t) => {
    const { clock, flush, values } = await exporter(t, { ttl: '10s' })
    await flush({ tag: 'a', record: { n: 1 } }, { tag: 'b', record: { n: 2 } })
    await clock.advance(6000)
    await flush({ tag: 'a', record: { n: 3 } })
    await clock.advance(6000)
    assert.deepEqual(await values(), ['a_n 3'])
  })

  it('has a bound, beyond which the oldest go and are counted', async (t) => {
    const { flush, context, values } = await exporter(t, { max_series: 2, labels: { id: '$id' }, fields: ['n'] })
    const event = (id: string, n: number) => ({ tag: 'a', record: { id, n } })
    await flush(event('x', 1), event('y', 2), event('x', 3), event('z', 4))
    assert.deepEqual(await values(), ['a_n{id="x"} 3', 'a_n{id="z"} 4'])
    assert.deepEqual(context.counted, { too_many_series: 1 })
  })

  it('delivers nothing while it cannot listen, and everything once it can', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { flush, values } = await exporter(t, { port: (taken.address() as AddressInfo).port })
    await assert.rejects(flush({ tag: 'a', record: { n: 1 } }), { code: 'NET_LISTEN' })
    taken.close()
    await once(taken, 'close')
    await flush({ tag: 'a', record: { n: 1 } })
    assert.deepEqual(await values(), ['a_n 1'])
  })

  it('stops serving when it is closed', async (t) => {
    const { flush, answer, output } = await exporter(t)
    await flush({ tag: 'a', record: { n: 1 } })
    await output.close?.()
    await assert.rejects(answer(), /fetch failed/)
  })

  it('refuses labels that Prometheus would not take', () => {
    const create = (name: string) => () =>
      prometheusExporter.create(
        optionsOf(prometheusExporter, { labels: { [name]: 'x' } }),
        new RecordingOutputContext(new FakeClock()),
      )
    for (const name of ['a-b', '1a', '__name__', 'ä'])
      assert.throws(create(name), { code: 'PROMETHEUS_EXPORTER_LABEL' })
  })
})

it('names of metrics have what Prometheus takes', () => {
  assert.deepEqual(['a.b_c', '0a_b', 'a:b', 'ä b'].map(metricName), ['a_b_c', '_0a_b', 'a:b', '__b'])
})
