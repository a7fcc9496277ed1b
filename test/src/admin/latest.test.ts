import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { LatestStore } from '../../../src/engine/latest-store.js'
import { asked, startAdmin } from '../../support/admin.js'
import { FakeClock } from '../../support/fake-clock.js'

async function served(t: TestContext) {
  const clock = new FakeClock()
  const latest = new LatestStore(clock)
  latest.set('can.0', 'speed', { value: 81 }, { seconds: 100, nanoseconds: 5 })
  latest.set('can.0', 'fuel/left', { value: 2n ** 60n }, { seconds: 200, nanoseconds: 0 })
  latest.set('can.01', '', { odd: true }, { seconds: 300, nanoseconds: 0 })
  latest.set('host', '', { cpu: 3.5 }, { seconds: 400, nanoseconds: 0 }, 5000)
  const url = `http://${await startAdmin(t, { latest, clock })}/latest`
  const series = async (path: string): Promise<string[]> => {
    const [status, body] = await asked(`${url}${path}`)
    assert.equal(status, 200, body)
    const { values } = JSON.parse(body) as { values: { tag: string; series: string }[] }
    return values.map((value) => `${value.tag} ${value.series}`.trim())
  }
  return { url, latest, clock, series }
}

describe('/latest', () => {
  it('has all values, those whose tags begin so, or those since a moment', async (t) => {
    const { series } = await served(t)
    assert.deepEqual(await series(''), ['can.0 speed', 'can.0 fuel/left', 'can.01', 'host'])
    assert.deepEqual(await series('?prefix=can.'), ['can.0 speed', 'can.0 fuel/left', 'can.01'])
    assert.deepEqual(await series('?since=200'), ['can.01', 'host'])
    assert.deepEqual(await series('?prefix=can&since=1970-01-01T00:03:00Z'), ['can.0 fuel/left', 'can.01'])
    assert.deepEqual(await series('/can.0'), ['can.0 speed', 'can.0 fuel/left'])
    assert.deepEqual(await series('/can.0?since=150'), ['can.0 fuel/left'])
  })

  it('has one value, with all digits of its time and its numbers', async (t) => {
    const { url } = await served(t)
    assert.deepEqual(await asked(`${url}/can.0/speed`), [
      200,
      '{"tag":"can.0","series":"speed","time":"1970-01-01T00:01:40.000000005Z","record":{"value":81}}\n',
    ])
    const [, body] = await asked(`${url}/can.0/fuel%2Fleft`)
    assert.match(body, /"series":"fuel\/left".*"record":\{"value":1152921504606846976\}/)
  })

  it('is a 404 for what is not known, or not any more', async (t) => {
    const { url, clock } = await served(t)
    assert.equal((await asked(`${url}/host`))[0], 200)
    await clock.advance(5001)
    for (const path of ['/host', '/none', '/can.0/none', '/can'])
      assert.equal((await asked(`${url}${path}`))[0], 404, path)
  })

  it('sends nothing again that has not changed', async (t) => {
    const { url, latest } = await served(t)
    const first = await fetch(`${url}/can.0/speed`)
    const etag = first.headers.get('etag') ?? ''
    const again = (): Promise<readonly [number, string]> =>
      asked(`${url}/can.0/speed`, { headers: { 'if-none-match': etag } })
    assert.deepEqual(await again(), [304, ''])
    latest.set('can.0', 'speed', { value: 82 }, { seconds: 500, nanoseconds: 0 })
    const [status, body] = await again()
    assert.deepEqual([status, /"value":82/.test(body)], [200, true])
  })

  it('says what is wrong with a question', async (t) => {
    const { url } = await served(t)
    for (const query of ['?since=yesterday', '?tag=x']) assert.equal((await asked(`${url}${query}`))[0], 400, query)
  })
})
