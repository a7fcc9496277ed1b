import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadLibc } from '../../../src/libc/index.js'
import type { Libc } from '../../../src/libc/libc.js'
import { applyNative } from '../../../src/serial/native-settings.js'
import { skipPty } from '../../support/pty-pair.js'
import { fileOf, openedPair, pluggedIn, serialSettings } from '../../support/serial-line.js'
import { openLine } from '../../../src/serial/index.js'
import { systemClock } from '../../../src/base/clock.js'

type Call = readonly [request: number, words: readonly number[]]

/** The calls that settings lead to, with their arguments as numbers of 32 bits. */
async function callsOf(raw: { readonly [option: string]: unknown }): Promise<Call[]> {
  const calls: Call[] = []
  const libc = {
    ioctl(_fd: number, request: number, argument: Uint8Array): number {
      calls.push([request, [...new Uint32Array(argument.slice().buffer)]])
      return 0
    },
  }
  await applyNative('/dev/x', 9, serialSettings(raw), () => Promise.resolve(libc as unknown as Libc))
  return calls
}

describe('what stty cannot set', () => {
  it('is nothing on a plain line, which loads no library', async () => {
    await applyNative('/dev/x', 9, serialSettings({}), () => assert.fail('loaded'))
  })

  it('is DTR and RTS, each by itself', async () => {
    assert.deepEqual(await callsOf({ dtr: false }), [[0x5417, [2]]])
    assert.deepEqual(await callsOf({ dtr: true, rts: false }), [
      [0x5416, [2]],
      [0x5417, [4]],
    ])
  })

  it('is RS-485, as struct serial_rs485 has it', async () => {
    assert.deepEqual(await callsOf({ rs485: 'rts_on_send', rs485_delay: '5ms' }), [[0x542f, [3, 5, 5, 0, 0, 0, 0, 0]]])
    assert.deepEqual(await callsOf({ rs485: 'rts_after_send' }), [[0x542f, [5, 0, 0, 0, 0, 0, 0, 0]]])
  })

  it('needs koffi or the other backend, and says so', async () => {
    const none = () => Promise.reject(new Error('none'))
    await assert.rejects(applyNative('/dev/x', 9, serialSettings({ baud_rate: 250_000 }), none), {
      code: 'SERIAL_NATIVE',
      message: /^\/dev\/x: baud_rate: 250000 takes more than stty; install koffi/,
    })
  })
})

describe('what stty cannot set, on a real terminal', { skip: skipPty || (await missing()) }, () => {
  it('is any speed', async (t) => {
    const { pair } = await openedPair(t, { backend: 'tty', baud_rate: 250_000 })
    const termios = new Uint8Array(44)
    const libc = await loadLibc()
    libc.ioctl(fileOf(t, pair.agentEnd), 0x802c542a, termios)
    assert.deepEqual([...new Uint32Array(termios.buffer, 36)], [250_000, 250_000])
  })

  it('is refused with a reason by a driver that has it not', async (t) => {
    const pair = await pluggedIn(t)
    const open = (raw: { readonly [option: string]: unknown }) =>
      openLine(serialSettings({ path: pair.agentEnd, backend: 'tty', ...raw }), { clock: systemClock })
    await assert.rejects(open({ dtr: false }), /the driver refuses dtr and rts: ioctl/)
    await assert.rejects(open({ rs485: 'rts_on_send' }), /the driver refuses rs485: rts_on_send: ioctl/)
  })
})

async function missing(): Promise<false | string> {
  return loadLibc().then(
    () => false,
    () => 'koffi is not installed',
  )
}
