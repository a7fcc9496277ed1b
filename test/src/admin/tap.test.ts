import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { WebSocket } from 'ws'

import { Tap } from '../../../src/admin/tap/tap.js'
import { TapClient } from '../../../src/admin/tap/tap-client.js'
import { readTapQuery } from '../../../src/admin/tap/tap-query.js'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { EncodedEvents } from '../../../src/event/event.js'
import { asked, startAdmin } from '../../support/admin.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { RawClient } from '../../support/raw-client.js'
import { SentEvents } from '../../support/tap-client.js'

/** One lane, as far as a tap sees it. */
class ShownLane {
  onAppend: ((chunk: EncodedEvents) => void) | undefined

  /** As many events of a tag, numbered from 0. */
  append(tag: string, count: number, more: object = {}): void {
    const writer = new EntryWriter()
    for (let n = 0; n < count; n++) writer.writeEvent(1, 5, { n, ...more })
    const entries = writer.take()
    this.onAppend?.({ tag, entries, count })
    entries.fill(0xc1) // the bytes were lent
  }
}

/** How long what a client gets gathers. */
const gatherMs = 100

const eventOf = (tag: string, n: number): string =>
  `{"tag":"${tag}","time":"1970-01-01T00:00:01.000000005Z","record":{"n":${n}}}`

async function tapped(t: TestContext) {
  const [lane, clock] = [new ShownLane(), new FakeClock()]
  const at = await startAdmin(t, { lanes: [lane], clock })
  const open = async (query: string): Promise<SentEvents> => {
    const events = await SentEvents.open(`http://${at}/tap${query}`)
    t.after(() => events.close())
    return events
  }
  return { lane, clock, at, open }
}

describe('/tap', () => {
  it('shows the events of the tags that are asked for, as they come', async (t) => {
    const { lane, clock, open } = await tapped(t)
    const events = await open('?tag=host.*')
    lane.append('host.cpu', 2)
    lane.append('other', 1)
    lane.append('host.mem', 1)
    await clock.advance(gatherMs)
    assert.deepEqual(await events.upTo(3), [eventOf('host.cpu', 0), eventOf('host.cpu', 1), eventOf('host.mem', 0)])
  })

  it('shows them over a WebSocket too', async (t) => {
    const { lane, clock, at } = await tapped(t)
    const client = new WebSocket(`ws://${at}/tap?tag=a`)
    await once(client, 'open')
    lane.append('b', 1)
    lane.append('a', 1)
    const came = once(client, 'message')
    await clock.advance(gatherMs)
    const [message] = (await came) as [Buffer]
    assert.equal(message.toString(), eventOf('a', 0))
    client.close()
    await once(client, 'close')
  })

  it('lets no page of another server listen', async (t) => {
    const { at } = await tapped(t)
    const client = new WebSocket(`ws://${at}/tap`, { origin: 'https://evil.example' })
    const [error] = (await once(client, 'error')) as [Error]
    assert.match(error.message, /403/)
  })

  it('takes one event of so many, counted over all chunks', async (t) => {
    const { lane, clock, open } = await tapped(t)
    const events = await open('?sample=3')
    for (let chunk = 0; chunk < 4; chunk++) lane.append('a', 4)
    await clock.advance(gatherMs)
    const shown = await events.upTo(6)
    // Events 0, 3, 6, 9, 12 and 15 of 16, four to a chunk.
    assert.deepEqual(
      shown,
      [0, 3, 2, 1, 0, 3].map((n) => eventOf('a', n)),
    )
  })

  it('leaves out what is beyond the rate, and says how much', async (t) => {
    const { lane, clock, at, open } = await tapped(t)
    const events = await open('?rate=2')
    lane.append('a', 10)
    await clock.advance(gatherMs)
    assert.deepEqual(await events.upTo(3), [eventOf('a', 0), eventOf('a', 1), 'event: dropped\ndata: 8'])
    await clock.advance(400)
    lane.append('a', 3)
    await clock.advance(gatherMs)
    assert.deepEqual((await events.upTo(5)).slice(3), [eventOf('a', 0), 'event: dropped\ndata: 2'])
    const [, metrics] = await asked(`http://${at}/metrics`)
    assert.match(metrics, /^sluice_tap_clients 1$/m)
    assert.match(metrics, /^sluice_tap_dropped_events_total 10$/m)
  })

  it('drops the events of a client that reads nothing, holds few of them, and shows the others theirs', async (t) => {
    const { lane, clock, at, open } = await tapped(t)
    const stuck = await RawClient.connect(t, Number(at.split(':').at(-1)))
    stuck.send(`GET /tap?tag=large&rate=1000 HTTP/1.1\r\nHost: ${at}\r\n\r\n`)
    await stuck.until(/\r\n\r\n/)
    stuck.socket.pause()
    const reader = await open('?tag=small')
    const before = process.memoryUsage.rss()
    for (let second = 0; second < 40; second++) {
      lane.append('large', 1000, { text: 'x'.repeat(1000) })
      lane.append('small', 1)
      await clock.advance(1000)
      await reader.upTo(second + 1)
    }
    const [, metrics] = await asked(`http://${at}/metrics`)
    const dropped = Number(/^sluice_tap_dropped_events_total (\d+)$/m.exec(metrics)?.[1])
    assert.ok(dropped > 31_000 && dropped < 40_000, `${dropped} were dropped`)
    const grown = (process.memoryUsage.rss() - before) / 1024 / 1024
    assert.ok(grown < 64, `it grew by ${grown} MiB`)
  })

  it('says what is wrong with a question', async (t) => {
    const { at } = await tapped(t)
    for (const query of ['?sample=0', '?sample=x', '?rate=1001', '?rate=1e2', '?tags=a'])
      assert.equal((await asked(`http://${at}/tap${query}`))[0], 400, query)
    assert.equal((await asked(`http://${at}/tap`, { method: 'POST' }))[0], 405)
  })

  it('serves no more than sixteen at once', async (t) => {
    const { at, open } = await tapped(t)
    for (let client = 0; client < 16; client++) assert.equal((await open('')).status, 200)
    assert.equal((await asked(`http://${at}/tap`))[0], 503)
  })
})

describe('a tap', () => {
  const sink = { dropped: 0, event: () => undefined, lost: () => undefined }

  it('leaves the lanes alone while nobody listens', () => {
    const lanes = [new ShownLane(), new ShownLane()]
    const tap = new Tap(lanes)
    const client = (): TapClient => new TapClient(readTapQuery(''), new FakeClock(), sink)
    const [one, other] = [client(), client()]
    tap.add(one)
    tap.add(other)
    tap.remove(one)
    assert.ok(lanes.every(({ onAppend }) => onAppend))
    tap.remove(other)
    assert.ok(lanes.every(({ onAppend }) => onAppend === undefined))
  })

  it('costs one write for all that comes in a tenth of a second, and none once its client is gone', async () => {
    const told: (string | number)[] = []
    const clock = new FakeClock()
    const lane = new ShownLane()
    const tap = new Tap([lane])
    const client = new TapClient(readTapQuery('rate=2'), clock, {
      ...sink,
      event: (json) => void told.push(json),
      lost: (count) => void told.push(count),
    })
    tap.add(client)
    for (let chunk = 0; chunk < 50; chunk++) lane.append('a', 1)
    await settle()
    assert.deepEqual(told, [])
    await clock.advance(gatherMs)
    assert.deepEqual(told, [eventOf('a', 0), eventOf('a', 0), 48])
    lane.append('a', 1)
    tap.remove(client)
    assert.equal(clock.waiting, 0)
  })

  it('gives all clients together no more than a thousand events a second, in equal shares', async () => {
    const clock = new FakeClock()
    const lane = new ShownLane()
    const tap = new Tap([lane])
    const clients = Array.from({ length: 10 }, () => {
      const got: string[] = []
      const client = new TapClient(readTapQuery('rate=1000'), clock, { ...sink, event: (json) => void got.push(json) })
      return { got, client }
    })
    for (const { client } of clients) tap.add(client)
    lane.append('a', 5000)
    await clock.advance(gatherMs)
    assert.deepEqual(new Set(clients.map(({ got }) => got.length)), new Set([100]))
    for (const { client } of clients.slice(1)) tap.remove(client)
    await clock.advance(1000)
    lane.append('a', 5000)
    await clock.advance(gatherMs)
    assert.deepEqual(
      clients.slice(0, 2).map(({ got }) => got.length),
      [1100, 100],
    )
  })

  it('holds no more than it may of what gathers', async () => {
    const shown: string[] = []
    const clock = new FakeClock()
    const client = new TapClient(readTapQuery('rate=1000'), clock, {
      ...sink,
      event: (json) => void shown.push(json),
    })
    const writer = new EntryWriter()
    for (let n = 0; n < 100; n++) writer.writeEvent(1, 0, { text: 'x'.repeat(50_000) })
    client.see({ tag: 'a', entries: writer.take(), count: 100 })
    await clock.advance(gatherMs)
    assert.equal(shown.length + client.dropped, 100)
    assert.ok(shown.length > 1 && shown.length < 8, `${shown.length} were held`)
  })

  it('survives events that cannot be read, and large ones', async () => {
    const shown: string[] = []
    const clock = new FakeClock()
    const client = new TapClient(readTapQuery(''), clock, { ...sink, event: (json) => void shown.push(json) })
    const writer = new EntryWriter()
    writer.writeEvent(1, 0, { text: 'x'.repeat(100_000) })
    client.see({ tag: 'large', entries: writer.take(), count: 1 })
    client.see({ tag: 'cut off', entries: Buffer.from([0x92]), count: 1 })
    client.see({ tag: 'no event', entries: Buffer.from([0x01]), count: 1 })
    await clock.advance(gatherMs)
    assert.deepEqual([shown, client.dropped], [[], 3])
  })
})
