import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { once } from 'node:events'

import { FakeClock } from '../support/fake-clock.js'
import { startService } from '../support/service.js'
import { root } from '../support/source-tree.js'

test('the service on the page about services does what the page says', async (t) => {
  const page = readFileSync(join(root, 'docs/services.md'), 'utf8')
  const [, example] = /<!-- example -->\n\n```js\n(.+?)```/s.exec(page) ?? []
  assert.ok(example)
  const clock = new FakeClock()
  const { url, context, stop } = await startService(t, example, { clock, raw: { path: '/scale' } })
  context.latest.set('scale', '', { kg: 7.5 })
  assert.deepEqual(await (await fetch(`${url}/scale/weight`)).json(), { kg: 7.5, unit: 'kg' })
  const tare = (kg: number): Promise<Response> =>
    fetch(`${url}/scale/tare`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kg }),
    })
  assert.deepEqual([(await tare(-1)).status, (await tare(2)).status], [422, 204])
  assert.deepEqual(context.records, [{ kg: 2 }])
  const live = new WebSocket(`${url.replace('http', 'ws')}/scale/live`)
  assert.equal(String(((await once(live, 'message')) as [Buffer])[0]), '{"tare":2}')
  const told = once(live, 'message')
  await clock.advance(5000)
  assert.equal(String(((await told) as [Buffer])[0]), '{"kg":7.5}')
  live.terminate()
  const stopped = stop()
  await clock.advance(0)
  await stopped
})
