import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { TestContext } from 'node:test'
import { systemClock } from '../../src/base/clock.js'
/** Numbers in [0, 1), as `randomOf` makes them. */
type Random = () => number

/** How likely each frame comes to harm. */
export interface Faults {
  readonly repeat: number
  readonly drop: number
  readonly garble: number
}

/** A device at the other end of a line: it sends, in pieces, and answers what it hears. */
export class PtyDevice {
  readonly #path: string
  readonly #file: number

  constructor(t: TestContext, path: string) {
    this.#path = path
    this.#file = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    t.after(() => closeSync(this.#file))
  }

  send(bytes: Uint8Array | string): void {
    writeSync(this.#file, Buffer.from(bytes))
  }

  /** Sends all of it, cut anywhere, with pauses for the other end to read. */
  async sendInPieces(bytes: Uint8Array, random: Random): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + 1 + Math.floor(random() * 20))
      const taken = this.#sendSome(bytes.subarray(at, end))
      at += taken
      if (taken === 0 || random() < 0.3) await systemClock.sleep(1)
    }
  }

  /** Sends all of it, as fast as the line takes it. */
  async sendAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const taken = this.#sendSome(bytes.subarray(at))
      at += taken
      if (taken === 0) await systemClock.sleep(1)
    }
  }

  /** Calls with every text that ends with a newline. */
  hear(t: TestContext, heard: (line: string) => void): void {
    const stream = new ReadStream(openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK))
    let text = ''
    stream.on('error', () => undefined) // the plug was pulled
    stream.on('data', (bytes) => {
      text += String(bytes)
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        heard(text.slice(0, end))
        text = text.slice(end + 1)
      }
    })
    t.after(() => void stream.destroy())
  }

  #sendSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.#file, bytes)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
      throw error
    }
  }
}

/** Frames as they leave a bad line: some twice, some without one of their inner bytes, some with another in its place; and which are whole. */
export function harmed(frames: readonly Buffer[], faults: Faults, random: Random): { sent: Buffer[]; whole: Buffer[] } {
  const sent: Buffer[] = []
  const whole: Buffer[] = []
  for (const frame of frames) {
    const at = 1 + Math.floor(random() * (frame.length - 2))
    if (random() < faults.garble)
      sent.push(Buffer.concat([frame.subarray(0, at), Buffer.of((frame[at] ?? 0) ^ 0x15), frame.subarray(at + 1)]))
    else if (random() < faults.drop) sent.push(Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)]))
    else {
      const times = random() < faults.repeat ? 2 : 1
      for (let time = 0; time < times; time++) {
        sent.push(frame)
        whole.push(frame)
      }
    }
  }
  return { sent, whole }
}
