import { closeSync, constants, openSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type Clock, systemClock } from '../../src/base/clock.js'
import { openLine, SerialLine, serialOptions, type SerialSettings } from '../../src/serial/index.js'
import type { RecordingInputContext } from './input-context.js'
import { valuesOf } from './options.js'
import { PtyPair } from './pty-pair.js'
import { Tree } from './tree.js'
import { within } from './within.js'

/** The ways to open a line, both of which every test of lines runs on. */
export const backends = ['tty', 'serialport'] as const

export interface OpenedPair {
  readonly pair: PtyPair
  readonly line: SerialLine
  /** The file of the device's end. */
  readonly device: number
}

export function serialSettings(raw: { readonly [option: string]: unknown }): SerialSettings {
  return valuesOf(serialOptions, raw)
}

/** A pair of ptys, which is unplugged when the test ends. */
export async function pluggedIn(t: TestContext): Promise<PtyPair> {
  const pair = new PtyPair(new Tree(t).root)
  t.after(() => pair.pullOut())
  await pair.plugIn()
  return pair
}

/** A line that is open at both ends. */
export async function openedPair(
  t: TestContext,
  raw: { readonly [option: string]: unknown } = {},
  clock: Clock = systemClock,
): Promise<OpenedPair> {
  const pair = await pluggedIn(t)
  const line = await openLine(serialSettings({ path: pair.agentEnd, ...raw }), { clock })
  t.after(() => line.close())
  return { pair, line, device: fileOf(t, pair.deviceEnd) }
}

export function fileOf(t: TestContext, path: string): number {
  const file = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  t.after(() => closeSync(file))
  return file
}

/** The next `count` bytes of a line. */
export async function bytesOf(line: SerialLine, count: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (let got = 0; got < count;) {
    const bytes = (await within(20_000, line.next(), `byte ${got} of ${count}`)) ?? new Uint8Array()
    parts.push(bytes)
    got += bytes.length
  }
  return Buffer.concat(parts)
}

/** How often bytes were asked of a line from now on, and how often while a plugin that has given events had no room for more. */
export function readsOf(t: TestContext, context: RecordingInputContext): { all: number; early: number } {
  const reads = { all: 0, early: 0 }
  const { next } = SerialLine.prototype
  t.mock.method(SerialLine.prototype, 'next', function (this: SerialLine, timeoutMs?: number) {
    reads.all++
    if (!context.hasRoom && context.events.length > 0) reads.early++
    return next.call(this, timeoutMs)
  })
  return reads
}
