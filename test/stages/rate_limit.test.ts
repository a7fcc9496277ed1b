import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import rateLimit from '../../stages/rate_limit/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { startServer } from '../support/http-server.js'
import { RecordingInputContext } from '../support/input-context.js'
import { greeting, placedStage, trusting } from '../support/stages.js'

const limited = (raw: { readonly [name: string]: unknown }, clock = new FakeClock()) =>
  placedStage(rateLimit, raw, new RecordingInputContext(clock))

const statusOf = async (url: string, headers = {}): Promise<number> => (await fetch(url, { headers })).status

describe('the rate_limit stage', () => {
  test('a client is let through up to its burst, and then told when to come again', async (t) => {
    const clock = new FakeClock()
    const { url, context } = await startServer(t, { stages: [limited({ rate: 0.5, burst: 3 }, clock), greeting] })
    for (const _ of [1, 2, 3]) assert.equal(await statusOf(url), 200)
    const refused = await fetch(url)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2'])
    await clock.advance(1999)
    assert.equal((await fetch(url)).headers.get('retry-after'), '1')
    await clock.advance(1)
    assert.equal(await statusOf(url), 200)
    assert.equal(await statusOf(url), 429)
    assert.equal(context.counted['refused_rate'], 3)
  })

  test('the burst is what a second allows, and one where that is less', async (t) => {
    const many = await startServer(t, { stages: [limited({ rate: 2 }), greeting] })
    assert.deepEqual([await statusOf(many.url), await statusOf(many.url), await statusOf(many.url)], [200, 200, 429])
    const few = await startServer(t, { stages: [limited({ rate: 0.01 }), greeting] })
    assert.deepEqual([await statusOf(few.url), await statusOf(few.url)], [200, 429])
  })

  test('each user has a rate of his own, and who is nobody that of his address', async (t) => {
    const { url } = await startServer(t, { stages: [trusting, limited({ rate: 1, per: 'user' }), greeting] })
    const asked = ['ann', 'ann', 'bob', '', ''].map((user) => (user === '' ? {} : { 'x-user': user }))
    const statuses = []
    for (const headers of asked) statuses.push(await statusOf(url, headers))
    assert.deepEqual(statuses, [200, 429, 200, 200, 429])
  })

  test('users of one address share its rate, and all share one where it is for all', async (t) => {
    for (const per of ['address', 'all']) {
      const { url } = await startServer(t, { stages: [trusting, limited({ rate: 1, per }), greeting] })
      assert.equal(await statusOf(url, { 'x-user': 'ann' }), 200)
      assert.equal(await statusOf(url, { 'x-user': 'bob' }), 429)
    }
  })

  test('no more clients are remembered than were allowed', async (t) => {
    const { url } = await startServer(t, {
      stages: [trusting, limited({ rate: 1, per: 'user', max_clients: 2 }), greeting],
    })
    const statuses = []
    for (const user of ['a', 'b', 'a', 'c', 'a', 'b']) statuses.push(await statusOf(url, { 'x-user': user }))
    assert.deepEqual(statuses, [200, 200, 429, 200, 429, 200])
  })
})
