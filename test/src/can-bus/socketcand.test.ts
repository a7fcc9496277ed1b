import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { Socketcand, type SocketcandSettings } from '../../../src/can-bus/index.js'
import { emptyFrame } from '../../../src/can/frame.js'
import { BusReader, until } from '../../support/bus-reader.js'
import { ByteServer } from '../../support/byte-server.js'
import { answerAsSocketcand } from '../../support/socketcand.js'

const opening = '< open can0 >< rawmode >'

test('frames of a socketcand come with its times, whatever way they are cut', async (t) => {
  const { server, reader } = await openedBus(t)
  const messages = [
    '< frame 123 23.424242 11223344 >',
    '< frame 1AAAAAAA 1436509052.249713 01 F1 >',
    '< rtr 7FF 24.000001 4 >< error 040 25.5 >',
    '< stat 1 2 3 4 >< frame 800 1.0 00 >< frame 000 26.000000  >',
  ].join('')
  for (const byte of messages) await written(server.sockets[0], byte)
  await until(() => reader.frames === 5, 'five frames')
  assert.deepEqual(reader.lines, [
    'can0 123#11223344',
    'can0 1AAAAAAA#01F1',
    'can0 7FF#R4',
    'can0 20000040#0000000000000000',
    'can0 000#',
  ])
  assert.deepEqual(reader.stamps, [23_424_242, 1_436_509_052_249_713, 24_000_001, 25_500_000, 26_000_000])
  assert.equal(reader.context.counts['bad_lines'], 1, '800 has more than eleven bits')
})

test('frames behind the last answer of the greeting are not lost', async (t) => {
  const { reader } = await openedBus(t, { behind: '< frame 123 1.0 AA >< frame 124 1.0 BB >' })
  await until(() => reader.frames === 2, 'both')
  assert.deepEqual(reader.lines, ['can0 123#AA', 'can0 124#BB'])
})

test('only frames that a filter lets pass are given', async (t) => {
  const { server, reader } = await openedBus(t, { filters: [{ id: 0x124, mask: 0x7ff, extended: false }] })
  await written(server.sockets[0], '< frame 123 1.0 AA >< frame 124 1.0 BB >')
  await until(() => reader.frames === 1, 'one')
  assert.deepEqual(reader.lines, ['can0 124#BB'])
})

test('frames are sent in the words of the protocol; those it has no words for are refused', async (t) => {
  const { server, reader } = await openedBus(t)
  const frame = { ...emptyFrame(), id: 0x123, length: 2 }
  frame.data.set([0x01, 0xf1])
  await reader.bus.send(frame)
  await reader.bus.send({ ...frame, id: 0x1aaaaaaa, extended: true, remote: true })
  await server.until(() => server.text.endsWith('< send 123 2 01 F1 >< sendrtr 1AAAAAAA 2 >'))
  await assert.rejects(reader.bus.send({ ...frame, fd: true }), { code: 'CAN_BUS_FRAME' })
  await reader.stop()
  await assert.rejects(reader.bus.send(frame), { code: 'CAN_BUS_ABSENT' })
})

test('a connection that is lost is made again', async (t) => {
  const { server, reader } = await openedBus(t)
  server.sockets[0]?.destroy()
  await until(() => reader.states.length === 3, 'it is back')
  assert.deepEqual(reader.states, ['active', 'absent', 'active'])
  assert.equal(reader.context.counts['lost_links'], 1)
  await written(server.sockets[1], '< frame 123 1.0 AA >')
  await until(() => reader.frames === 1, 'its frame')
})

test('a server that refuses the bus, or is none, is told of in its own words', async (t) => {
  const server = await new ByteServer().listen()
  t.after(() => server.close())
  server.greet = (socket) => void socket.write('< hi >< error could not open bus >')
  const reader = busReader(server.port).start()
  t.after(() => reader.stop())
  const { fields } = await reader.context.log.line('bus state')
  assert.deepEqual(fields, {
    bus: 'can0',
    state: 'absent',
    reason: 'socketcand: expected "< ok >", got "< error could not open bus >"',
  })
  assert.deepEqual(reader.states, ['absent'])
})

function busReader(port: number, more: Partial<SocketcandSettings> = {}): BusReader<Socketcand> {
  const settings = { host: '127.0.0.1', port, interface: 'can0', ...more }
  return new BusReader((context, onState) => new Socketcand({ ...settings, onState }, context))
}

/** A reader whose bus is open, at a server that greets as socketcand does; `behind` it sends with the last answer. */
async function openedBus(
  t: TestContext,
  { behind = '', ...more }: Partial<SocketcandSettings> & { behind?: string } = {},
) {
  const server = await new ByteServer().listen()
  t.after(() => server.close())
  server.greet = (socket) => answerAsSocketcand(socket, behind)
  const reader = busReader(server.port, more).start()
  t.after(() => reader.stop())
  await until(() => reader.states.length === 1, 'the bus is open')
  assert.ok(server.text.startsWith(opening))
  return { server, reader }
}

function written(socket: Socket | undefined, text: string): Promise<void> {
  return new Promise((resolve) => void socket?.write(text, () => resolve()))
}
