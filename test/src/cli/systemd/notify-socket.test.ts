import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'

import { systemClock } from '../../../../src/base/clock.js'
import { openNotifySocket } from '../../../../src/cli/systemd/notify-socket.js'
import { LibcError, type Libc } from '../../../../src/libc/index.js'
import { FakeClock } from '../../../support/fake-clock.js'
import { NotifyReceiver, socat } from '../../../support/notify-receiver.js'
import { peer } from '../../../support/peers.js'

const { skip } = socat
const program = peer('systemd-notify')
const noLibc = (): Promise<Libc> => Promise.reject(new Error('nothing for this machine'))

for (const [kind, name] of [
  ['a path', undefined],
  ['an abstract name', `@sluice-${randomUUID()}`],
] as const) {
  test(`a message reaches a datagram socket that is ${kind}`, { skip }, async (t) => {
    const receiver = await NotifyReceiver.open(t, name)
    const send = await openNotifySocket(receiver.name, systemClock)
    await send('READY=1\nSTATUS=runs\n')
    await send('STOPPING=1\n')
    await receiver.until('STOPPING')
    assert.deepEqual(receiver.lines, ['READY=1', 'STATUS=runs', 'STOPPING=1'])
  })
}

test('without koffi the program systemd-notify sends the message', { skip: skip || program.skip }, async (t) => {
  const receiver = await NotifyReceiver.open(t)
  const send = await openNotifySocket(receiver.name, systemClock, noLibc)
  await send('READY=1\nSTATUS=runs\n')
  await receiver.until('STATUS=runs')
  assert.ok(receiver.lines.includes('READY=1'))
})

test('with neither of them the error names both', async (t) => {
  without(t, 'PATH')
  const send = await openNotifySocket('/run/none', systemClock, noLibc)
  await assert.rejects(send('READY=1\n'), {
    code: 'SYSTEMD_NOTIFY',
    message: /systemd-notify.*ENOENT.*nothing for this machine/,
  })
})

test('a socket that is not there is an error, and so is a name that is none', async () => {
  const send = await openNotifySocket('/run/none/notify', systemClock)
  await assert.rejects(send('READY=1\n'), { code: 'LIBC_FAILED', reason: 'ENOENT' })
  for (const name of ['', 'relative', '@', 'vsock:2:1', `/${'x'.repeat(108)}`]) {
    await assert.rejects(openNotifySocket(name, systemClock), { code: 'SYSTEMD_SOCKET' }, name)
  }
})

test('a receiver that is busy is asked again, for five seconds', async () => {
  const clock = new FakeClock()
  const { libc, descriptors } = busy(3)
  const sent = (await openNotifySocket('/run/notify', clock, () => Promise.resolve(libc)))('READY=1\n')
  await clock.advance(300)
  await sent
  const send = await openNotifySocket('/run/notify', clock, () => Promise.resolve(busy(Infinity).libc))
  const failed = assert.rejects(send('READY=1\n'), { code: 'LIBC_FAILED' })
  await clock.advance(5000)
  await failed
  assert.equal(descriptors.size, 0, 'each socket is closed')
})

/** A C library whose sockets are full the first times. */
function busy(times: number) {
  const descriptors = new Set<number>()
  const libc = {
    socket: () => (descriptors.add(7), 7),
    connect: () => undefined,
    close: (descriptor: number) => void descriptors.delete(descriptor),
    write(_: number, bytes: Uint8Array): number {
      if (times-- > 0) throw new LibcError('write', 11, 'Resource temporarily unavailable')
      return bytes.length
    },
  }
  return { libc: libc as unknown as Libc, descriptors }
}

function without(t: TestContext, name: string): void {
  const value = process.env[name]
  process.env[name] = '/nowhere'
  t.after(() => (process.env[name] = value))
}
