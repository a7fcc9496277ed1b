import type { CanFrame } from '../../can/frame.js'
import { type Libc, LibcError, littleEndian, MessageBatch, wordSize } from '../../libc/index.js'
import type { CanFilter, TakeFrame } from '../can-bus.js'
import { fdSize, rawFrame, readRawFrame } from './raw-frame.js'

/** socket(2), linux/can.h: AF_CAN, SOCK_RAW, CAN_RAW. */
const canFamily = 29
const rawType = 3
const rawProtocol = 1

/** linux/can.h, linux/can/raw.h: SOL_CAN_RAW and its options. */
const rawLevel = 101
const filterOption = 1
const errorFilterOption = 2
const ownFramesOption = 4
const fdFramesOption = 5

/** socket(7): SOL_SOCKET and its options. The new SO_TIMESTAMPNS has 64 bits everywhere, the old one where words have as many. */
const socketLevel = 1
const timeStamps = wordSize === 8 ? 35 : 64
const receiveBuffer = 8
const receiveBufferForce = 33
const overflows = 40

/** recv(2): MSG_DONTROUTE marks frames of this machine (linux Documentation/networking/can.rst, 4.1.7). */
const fromHere = 0x04

const everyError = 0x1fff_ffff
const extendedFlag = 0x8000_0000
const invertedFlag = 0x2000_0000

/** Most frames of one call, and most calls one after the other: whatever else this process does has its turn in between. */
const batchCount = 128
const mostBatches = 8

/** Room for a time of 64 bits (32 bytes) and a counter (24). */
const controlSize = 64

export interface RawSocketSettings {
  readonly filters: readonly CanFilter[]
  /** Error frames too. */
  readonly errors: boolean
  /** Also what is sent by this very socket. */
  readonly own: boolean
  /** Bytes that wait in the kernel. */
  readonly receiveBufferBytes: number
}

/** One raw socket on one interface. Every call throws a LibcError where the interface is down or gone. */
export class RawSocket {
  readonly #libc: Libc
  readonly #descriptor: number
  readonly #batch: MessageBatch
  readonly #watch
  /** How many the kernel says it has lost since the socket was made; 32 bits, which wrap around. */
  #overflows = 0

  constructor(libc: Libc, interfaceIndex: number, settings: RawSocketSettings) {
    this.#libc = libc
    this.#batch = new MessageBatch(libc, { count: batchCount, payload: fdSize, control: controlSize })
    this.#descriptor = libc.socket(canFamily, rawType, rawProtocol)
    this.#watch = libc.watch(this.#descriptor)
    try {
      setOptions(libc, this.#descriptor, settings)
      libc.bind(this.#descriptor, interfaceAddress(interfaceIndex))
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Gives the frames that wait, 1024 at most. */
  receive(frame: CanFrame, take: TakeFrame, bus: string): void {
    for (let batches = 0; batches < mostBatches; batches++) {
      if (this.#receiveBatch(frame, take, bus) < batchCount) return
    }
  }

  /** How many frames were lost since this was asked last, as far as frames behind them have told. */
  takeLost(): number {
    const lost = this.#lost
    this.#lost = 0
    return lost
  }

  /** Resolves when a frame or an error waits, or the signal is aborted. */
  readable(signal: AbortSignal): Promise<void> {
    return this.#watch.readable(signal)
  }

  send(frame: CanFrame): void {
    this.#libc.write(this.#descriptor, rawFrame(frame))
  }

  close(): void {
    this.#watch.close()
    this.#libc.close(this.#descriptor)
  }

  #lost = 0

  #receiveBatch(frame: CanFrame, take: TakeFrame, bus: string): number {
    const received = this.#batch.receive(this.#descriptor)
    for (let index = 0; index < received; index++) {
      if (this.#read(index, frame)) take(frame, bus)
    }
    return received
  }

  #read(index: number, frame: CanFrame): boolean {
    const batch = this.#batch
    const { view } = batch
    const stamp = batch.controlOf(index, socketLevel, timeStamps)
    if (stamp >= 0) {
      frame.seconds = wordAt(view, stamp)
      frame.nanoseconds = wordAt(view, stamp + 8)
    }
    const overflow = batch.controlOf(index, socketLevel, overflows)
    if (overflow >= 0) this.#overflowed(view.getUint32(overflow, littleEndian))
    frame.sent = (batch.flagsOf(index) & fromHere) !== 0
    return readRawFrame(view, batch.payloadAt(index), batch.lengthOf(index), frame)
  }

  #overflowed(total: number): void {
    this.#lost += (total - this.#overflows) >>> 0
    this.#overflows = total
  }
}

/** A number of 64 bits that is not negative and below 2 ** 53. */
function wordAt(view: DataView, at: number): number {
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian)
  const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian)
  return high * 2 ** 32 + low
}

function setOptions(libc: Libc, descriptor: number, settings: RawSocketSettings): void {
  libc.setOption(descriptor, socketLevel, timeStamps, 1)
  libc.setOption(descriptor, socketLevel, overflows, 1)
  libc.setOption(descriptor, rawLevel, fdFramesOption, 1)
  if (settings.errors) libc.setOption(descriptor, rawLevel, errorFilterOption, everyError)
  if (settings.own) libc.setOption(descriptor, rawLevel, ownFramesOption, 1)
  if (settings.filters.length > 0) libc.setOption(descriptor, rawLevel, filterOption, filterBytes(settings.filters))
  growReceiveBuffer(libc, descriptor, settings.receiveBufferBytes)
}

/** Whoever may administer the network gets what is asked for, others as much as the system gives (socket(7), rmem_max). */
function growReceiveBuffer(libc: Libc, descriptor: number, bytes: number): void {
  try {
    libc.setOption(descriptor, socketLevel, receiveBufferForce, bytes)
  } catch (error) {
    if (!(error instanceof LibcError) || error.reason !== 'EPERM') throw error
    libc.setOption(descriptor, socketLevel, receiveBuffer, bytes)
  }
}

/** `struct can_filter`: what is compared and in which bits, the flags of the frame among them (can.rst, 4.1.1). */
function filterBytes(filters: readonly CanFilter[]): Uint8Array {
  const bytes = new Uint8Array(filters.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, { id, mask, extended, inverted }] of filters.entries()) {
    const flags = (extended ? extendedFlag : 0) | (inverted ? invertedFlag : 0)
    view.setUint32(index * 8, (id | flags) >>> 0, littleEndian)
    view.setUint32(index * 8 + 4, (mask | extendedFlag) >>> 0, littleEndian)
  }
  return bytes
}

/** `struct sockaddr_can`. */
function interfaceAddress(index: number): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, canFamily, littleEndian)
  view.setInt32(4, index, littleEndian)
  return bytes
}
