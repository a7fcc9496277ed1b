import { type Batch, batchKey, type Formatter, type Output } from 'sluice/plugin'
import type { Writable } from 'node:stream'
import type { Look } from './line.js'
import { ReadableFormatter } from './readable.js'
import { StreamWriter } from './stream-writer.js'

/** The standard output, or what stands in for it. */
export type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number }

const newline = 0x0a

/** Writes batches to the terminal, readable unless there is a formatter. */
export class StdoutOutput implements Output {
  readonly #writer: StreamWriter
  readonly #format: (batch: Batch) => Uint8Array

  constructor(terminal: Terminal, formatter: Formatter | undefined, env: NodeJS.ProcessEnv) {
    this.#writer = new StreamWriter(terminal, 'stdout')
    const readable = new ReadableFormatter(() => lookOf(terminal, env))
    this.#format = formatter
      ? (batch) => finished(formatter.format(batch.chunks), formatter.contentType)
      : (batch) => Buffer.from(readable.format(batch.chunks))
  }

  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    return this.#writer.write(batchKey(batch), () => this.#format(batch), signal)
  }
}

/** NO_COLOR as of no-color.org: set and not empty. */
export function lookOf(terminal: Terminal, env: NodeJS.ProcessEnv): Look {
  if (!terminal.isTTY) return { colour: false, columns: undefined }
  return { colour: !env['NO_COLOR'] && env['TERM'] !== 'dumb', columns: terminal.columns || 80 }
}

function finished(bytes: Uint8Array, contentType: string): Uint8Array {
  // A copy: the bytes may be the batch's own, and the write may outlive the flush.
  if (contentType.includes('msgpack')) return bytes.slice()
  return bytes.length > 0 && bytes.at(-1) !== newline ? Buffer.concat([bytes, Buffer.of(newline)]) : bytes
}
