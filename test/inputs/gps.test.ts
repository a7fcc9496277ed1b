import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import gps from '../../inputs/gps/index.js'
import { systemClock } from '../../src/base/clock.js'
import { ByteServer } from '../support/byte-server.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { folderOf } from '../support/folder.js'
import { RecordingInputContext } from '../support/input-context.js'
import { burst, sentence } from '../support/nmea.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { within } from '../support/within.js'

function inputOf(raw: { readonly [option: string]: unknown }, context = new RecordingInputContext(systemClock)) {
  return { context, input: gps.create(optionsOf(gps, raw), context) }
}

/** A server that greets each connection with this. */
async function serving(t: TestContext, greet: (socket: Socket) => void): Promise<ByteServer> {
  const server = await new ByteServer().listen()
  server.greet = greet
  t.after(() => server.close())
  return server
}

const seconds = [0, 1, 2].map((second) => burst(`12000${second}`, '231126'))
const soon = 10_000

test('sentences of a server are one event for each moment, the last one after a silence', async (t) => {
  const server = await serving(t, (socket) => void socket.write(seconds.join('')))
  const { context, input } = inputOf({ from: 'tcp', port: server.port })
  await running(t, input)
  await within(soon, context.received(3), 'three fixes')
  const [first] = context.records
  assert.equal(first?.['lat'], 48.1173)
  assert.equal(first?.['receiver_time'], '2026-11-23T12:00:00.000000000Z')
  assert.equal(typeof first?.['time_offset_s'], 'number')
})

test('a moment that was cut into pieces is one event', async (t) => {
  const pieces = seconds[0]?.match(/.{1,7}/gs) ?? []
  const server = await serving(t, (socket) => {
    for (const piece of pieces) socket.write(piece)
  })
  const { context, input } = inputOf({ from: 'tcp', port: server.port })
  const run = await running(t, input)
  await within(soon, context.received(1), 'a fix')
  await run.stop()
  assert.equal(context.events.length, 1)
})

test('the time of the events is that of the receiver where asked for', async (t) => {
  const server = await serving(t, (socket) => void socket.write(seconds[1] ?? ''))
  const { context, input } = inputOf({ from: 'tcp', port: server.port, event_time: 'receiver' })
  await running(t, input)
  await within(soon, context.received(1), 'a fix')
  assert.equal(context.events[0]?.time.seconds, Date.UTC(2026, 10, 23, 12, 0, 1) / 1000)
})

test('a server that closes the connection, or is not there, fails the run, so that it is tried again', async (t) => {
  const server = await serving(t, (socket) => void socket.end(seconds[0] ?? ''))
  const { context, input } = inputOf({ from: 'tcp', port: server.port })
  await assert.rejects(within(soon, input.run(new AbortController().signal), 'the end'), { code: 'GPS_CLOSED' })
  assert.equal(context.events.length, 1)
  await server.close()
  await assert.rejects(input.run(new AbortController().signal), { code: 'NET_CONNECT' })
})

test('gpsd is asked for its reports, and its positions are events', async (t) => {
  const reports = [
    { class: 'VERSION', release: '3.22', proto_major: 3, proto_minor: 14 },
    { class: 'SKY', device: '/dev/ttyACM0', hdop: 0.9, uSat: 7, nSat: 11 },
    { class: 'TPV', device: '/dev/ttyACM0', mode: 2, lat: 1.5, lon: 2.5, time: '2026-11-23T12:00:00.000Z' },
  ]
  const server = await serving(t, (socket) => {
    socket.once('data', () => socket.write(reports.map((report) => `${JSON.stringify(report)}\r\n`).join('')))
  })
  const { context, input } = inputOf({ port: server.port, event_time: 'receiver' })
  await running(t, input)
  await within(soon, context.received(1), 'a fix')
  assert.equal(server.text, '?WATCH={"enable":true,"json":true};\n')
  assert.deepEqual(Object.keys(context.records[0] ?? {}).slice(0, 4), ['mode', 'quality', 'lat', 'lon'])
  assert.equal(context.records[0]?.['satellites_used'], 7)
})

test('a recorded file is read to its end as fast as possible', async (t) => {
  const path = join(folderOf(t, { 'drive.nmea': `noise\r\n${seconds.join('')}` }), 'drive.nmea')
  const { context, input } = inputOf({ from: 'file', path, event_time: 'receiver' })
  await within(soon, input.run(new AbortController().signal), 'the end of the file')
  assert.deepEqual(
    context.events.map(({ time }) => time.seconds % 60),
    [0, 1, 2],
  )
  assert.equal(context.records[0]?.['time_offset_s'], undefined)
  assert.deepEqual(context.counted, { noise_lines: 1 })
})

test('a recorded file waits while there is no room', async (t) => {
  const path = join(folderOf(t, { 'drive.nmea': seconds.join('') }), 'drive.nmea')
  const { context, input } = inputOf({ from: 'file', path })
  context.hasRoom = false
  const ended = input.run(new AbortController().signal)
  await within(soon, context.received(1), 'a fix')
  await settle()
  assert.equal(context.events.length, 1)
  context.hasRoom = true
  await within(soon, ended, 'the end of the file')
  assert.equal(context.events.length, 3)
})

test('a recorded file is read in the time in which it was recorded, or faster', async (t) => {
  const path = join(folderOf(t, { 'drive.nmea': seconds.join('') }), 'drive.nmea')
  const clock = new FakeClock()
  const { context, input } = inputOf(
    { from: 'file', path, pace: 'recorded', speed: 2 },
    new RecordingInputContext(clock),
  )
  await running(t, input)
  await within(soon, context.received(1), 'the first fix')
  while (clock.waiting === 0) await settle()
  await clock.advance(499)
  assert.equal(context.events.length, 1)
  await clock.advance(1)
  assert.equal(context.events.length, 2)
})

test('a file that is not there fails the run', async () => {
  const { input } = inputOf({ from: 'file', path: '/nowhere/drive.nmea' })
  await assert.rejects(input.run(new AbortController().signal), /ENOENT.*drive\.nmea/)
  assert.throws(() => inputOf({ from: 'file' }), { code: 'GPS_PATH' })
})

test('a line without an end is given up, and what follows is read', async (t) => {
  const server = await serving(t, (socket) => {
    socket.write('x'.repeat(20_000))
    socket.write(`\n${sentence('GPTXT,01,01,02,ANTSTATUS=OK')}\n${seconds[0] ?? ''}`)
  })
  const { context, input } = inputOf({ from: 'tcp', port: server.port })
  await running(t, input)
  await within(soon, context.received(1), 'a fix')
  assert.deepEqual(context.counted, { long_lines: 1, other_sentences: 1 })
})
