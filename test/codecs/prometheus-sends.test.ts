import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import codec from '../../codecs/prometheus_remote_write/index.js'
import type { Parsed } from '../../src/plugin/index.js'
import { codecOf } from '../support/codec.js'
import { HttpDestination, type Received } from '../support/http-destination.js'
import { peer } from '../support/peers.js'
import { Prometheus } from '../support/prometheus.js'

const page = `
# TYPE temperature gauge
temperature{sensor="a"} 41.5
temperature{sensor="b",note="ü"} NaN
temperature{sensor="c"} -Inf
`

describe('a real Prometheus', { skip: peer('prometheus').skip }, () => {
  const server = new HttpDestination()
  const parse = codecOf(codec).parse?.bind(undefined)
  let prometheus: Prometheus | undefined
  let shown = page

  before(async () => {
    await server.listen()
    server.answer = ({ url }, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(url === '/metrics' ? shown : '')
    }
    prometheus = await Prometheus.start({ scrape: server.port, writeUrl: `http://127.0.0.1:${server.port}/write` })
  })

  after(async () => {
    await prometheus?.end()
    await server.close()
  })

  /** The events of the first request that has one for this sensor which is like that. */
  async function sent(sensor: string, isIt: (event: Parsed) => boolean): Promise<Parsed> {
    for (let next = 0; ; next++) {
      await server.received(next + 1)
      const request = server.requests[next]
      const found =
        request?.url === '/write' ? eventsIn(request).find((each) => isOf(each, sensor) && isIt(each)) : undefined
      if (found) return found
    }
  }

  function eventsIn({ headers, body }: Received): Parsed[] {
    assert.equal(headers['content-encoding'], 'snappy')
    assert.equal(headers['x-prometheus-remote-write-version'], '0.1.0')
    return [...(parse?.(body) ?? [])]
  }

  test('sends samples, which become events', async () => {
    const labels = (sensor: string): object => ({
      instance: `127.0.0.1:${server.port}`,
      job: 'board',
      sensor,
      site: 'north',
    })
    const { record, time } = await sent('a', () => true)
    assert.deepEqual(record, { name: 'temperature', labels: labels('a'), value: 41.5 })
    assert.ok(time && Math.abs(time.seconds * 1000 - Date.now()) < 60_000)
    const odd = await sent('b', () => true)
    assert.deepEqual(odd.record, { name: 'temperature', labels: { ...labels('b'), note: 'ü' }, value: Number.NaN })
    assert.equal((await sent('c', () => true)).record['value'], -Infinity)
  })

  test('sends a marker once a series has ended, which is told apart from other values', async () => {
    shown = ''
    const { record } = await sent('b', (event) => 'stale' in event.record)
    assert.equal(record['stale'], true)
    assert.ok(!('value' in record))
  })
})

function isOf({ record }: Parsed, sensor: string): boolean {
  return (record['labels'] as { readonly sensor?: string } | undefined)?.sensor === sensor
}
