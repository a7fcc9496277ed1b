import type { Socket } from 'node:net'
import { writable } from 'sluice/http'
import {
  type FastCgiRecord,
  record,
  RecordReader,
  type RequestEnd,
  requestEnd,
  requestId,
  requestRecords,
  recordTypes,
  streamRecords,
} from './records.js'

/** Such as a program that takes one connection at a time, and has one (FastCGI 1.0, section 5.5). */
const protocolStatuses = ['complete', 'one request at a time', 'overloaded', 'unknown role']

/** One connection to a responder, with one request at a time. */
export class FastCgiConnection {
  /** Whether it served a request before: then the responder may have closed it just now. */
  isUsed = false
  readonly #socket: Socket
  readonly #reader = new RecordReader()
  readonly #drop: () => void

  /** `gone` is called when it is closed. */
  constructor(socket: Socket, gone: () => void) {
    this.#socket = socket
    this.#drop = () => void socket.destroy()
    socket.on('error', () => undefined)
    socket.once('close', gone)
  }

  begin(variables: { readonly [name: string]: string }): void {
    this.#socket.write(requestRecords(variables))
  }

  /** What a responder does not want to read any more is forgotten. */
  async send(part: Buffer): Promise<void> {
    if (this.#socket.destroyed) return
    if (!this.#socket.write(streamRecords(recordTypes.stdin, part))) await writable(this.#socket)
  }

  endBody(): void {
    this.#socket.write(record(recordTypes.stdin))
  }

  /** What the script writes, until the request has ended; `said` is called with what it writes to its standard error. */
  async *output(said: (text: Buffer) => void): AsyncGenerator<Buffer, RequestEnd> {
    for await (const found of this.#records()) {
      if (found.type === recordTypes.stdout) yield found.content
      else if (found.type === recordTypes.stderr) said(found.content)
      else if (found.type === recordTypes.endRequest) return checked(requestEnd(found))
    }
    throw new Error('the connection was closed')
  }

  /** Until it is used again: then nothing may come. */
  rest(): void {
    this.isUsed = true
    this.#socket.once('data', this.#drop).once('end', this.#drop).resume()
  }

  wake(): void {
    this.#socket.pause()
    this.#socket.off('data', this.#drop).off('end', this.#drop)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  async *#records(): AsyncGenerator<FastCgiRecord> {
    for await (const bytes of this.#socket.iterator({ destroyOnReturn: false }))
      for (const found of this.#reader.push(bytes as Buffer)) if (found.requestId === requestId) yield found
  }
}

function checked(end: RequestEnd): RequestEnd {
  if (end.protocolStatus === 0) return end
  throw new Error(`refused: ${protocolStatuses[end.protocolStatus] ?? end.protocolStatus}`)
}
