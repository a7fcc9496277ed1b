import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test, type TestContext } from 'node:test'
import { type Libc, LibcError, littleEndian, loadLibc, MessageBatch } from '../../../src/libc/index.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { freePort } from '../../support/ports.js'
import { within } from '../../support/within.js'

const internet = 2
const datagrams = 2
const socketLevel = 1
const timeStamps = 35
const pending = 0x541b // ioctl_list(2): FIONREAD, bytes of the next datagram

test('messages of a socket are taken many at a time, with their lengths and what the kernel tells of each', async (t) => {
  const { libc, descriptor, send } = await socketPair(t)
  libc.setOption(descriptor, socketLevel, timeStamps, 1)
  const batch = new MessageBatch(libc, { count: 4, payload: 9, control: 32 })
  const from = Date.now()
  for (const text of ['one', 'twenty-two', 'three', '', 'five']) await send(text)
  const texts: string[] = []
  for (let round = 0; round < 2; round++) {
    await readable(libc, descriptor)
    const received = batch.receive(descriptor)
    for (let index = 0; index < received; index++) {
      texts.push(textOf(batch, index))
      const at = batch.controlOf(index, socketLevel, timeStamps)
      const seconds = Number(batch.view.getBigInt64(at, littleEndian))
      assert.ok(Math.abs(seconds - from / 1000) < 10, `stamped ${seconds}`)
      assert.equal(batch.controlOf(index, socketLevel, timeStamps + 1), -1)
    }
  }
  assert.deepEqual(texts, ['one', 'twenty-two', 'three', '', 'five'])
  assert.equal(batch.receive(descriptor), 0, 'nothing waits any more')
})

test('waiting for a descriptor ends when something comes, again and again, when it is given up, and when the watch is closed', async (t) => {
  const { libc, descriptor, send } = await socketPair(t)
  const batch = new MessageBatch(libc, { count: 1, payload: 8, control: 0 })
  const watch = libc.watch(descriptor)
  for (const text of ['first', 'second']) {
    const ready = watch.readable(new AbortController().signal)
    await send(text)
    await within(20_000, ready, 'it can be read')
    assert.equal(batch.receive(descriptor), 1)
    assert.equal(textOf(batch, 0), text)
  }
  const stop = new AbortController()
  const waiting = watch.readable(stop.signal)
  stop.abort()
  await within(20_000, waiting, 'the wait ends')
  await within(20_000, watch.readable(stop.signal), 'a wait that was given up before')
  const another = watch.readable(new AbortController().signal)
  watch.close()
  watch.close()
  await within(20_000, another, 'a wait of which the watch was closed')
})

test('a request of ioctl is answered in the bytes that it was given', async (t) => {
  const { libc, descriptor, send } = await socketPair(t)
  await send('12345')
  await readable(libc, descriptor)
  const bytes = Buffer.alloc(4)
  libc.ioctl(descriptor, pending, bytes)
  assert.equal(bytes.readInt32LE(), 5)
})

test('a call that fails says what it was and why', async () => {
  const libc = await loadLibc()
  const failed = (error: unknown): boolean =>
    error instanceof LibcError && error.reason === 'EBADF' && error.message === 'ioctl: bad file descriptor (EBADF)'
  assert.throws(() => libc.ioctl(-1, pending, 0), failed)
  assert.throws(() => libc.write(-1, Buffer.from('x')), { code: 'LIBC_FAILED', reason: 'EBADF' })
  assert.throws(() => libc.close(-1), { reason: 'EBADF' })
  assert.throws(() => libc.receiveMessages(-1, Buffer.alloc(0), 0), { reason: 'EBADF' })
  assert.throws(() => libc.socket(-1, datagrams, 0), { reason: 'EAFNOSUPPORT' })
})

test('where koffi is missing the error says what to run', async () => {
  const missing = loadLibc(() => Promise.reject(new Error("Cannot find package 'koffi'")))
  await assert.rejects(
    missing,
    (error) =>
      error instanceof AgentError &&
      error.code === 'LIBC_MISSING' &&
      /Cannot find package.*npm install koffi/.test(error.message),
  )
})

/** A socket of the C library's, and how to send to it. */
async function socketPair(t: TestContext) {
  const libc = await loadLibc()
  const port = await freePort()
  const descriptor = libc.socket(internet, datagrams, 0)
  libc.bind(descriptor, internetAddress(port))
  const sender = createSocket('udp4')
  t.after(() => {
    sender.close()
    libc.close(descriptor)
  })
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      sender.send(text, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
    })
  return { libc, descriptor, send }
}

/** `struct sockaddr_in` of 127.0.0.1. */
function internetAddress(port: number): Uint8Array {
  const address = Buffer.alloc(16)
  address.writeUInt16LE(internet)
  address.writeUInt16BE(port, 2)
  address.set([127, 0, 0, 1], 4)
  return address
}

async function readable(libc: Libc, descriptor: number): Promise<void> {
  const watch = libc.watch(descriptor)
  await within(20_000, watch.readable(new AbortController().signal), 'a message')
  watch.close()
}

function textOf(batch: MessageBatch, index: number): string {
  const at = batch.payloadAt(index)
  return Buffer.from(batch.bytes.subarray(at, at + batch.lengthOf(index))).toString()
}
