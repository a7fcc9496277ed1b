import type { DescriptorWatch } from './descriptor-watch.js'

/**
 * Calls of the C library. They are synchronous, each a few microseconds, and throw a LibcError where the library answers -1. Numbers of
 * families, levels, options and requests are those of the kernel's headers.
 */
export interface Libc {
  /** socket(2): a descriptor that does not block, and is closed when another program is run. */
  socket(family: number, type: number, protocol: number): number
  /** bind(2). */
  bind(descriptor: number, address: Uint8Array): void
  /** connect(2). */
  connect(descriptor: number, address: Uint8Array): void
  /** setsockopt(2); a number is a C `int`. */
  setOption(descriptor: number, level: number, name: number, value: Uint8Array | number): void
  /** ioctl(2): what the call answered. Bytes are what the request reads and writes; a number is passed by value. */
  ioctl(descriptor: number, request: number, argument: Uint8Array | number): number
  /** write(2): how many bytes were taken. */
  write(descriptor: number, bytes: Uint8Array): number
  /** recvmmsg(2) into memory that is laid out as C wants it, as a `MessageBatch` is: how many messages came, 0 where none waits. */
  receiveMessages(descriptor: number, headers: Uint8Array, count: number): number
  close(descriptor: number): void
  /** Waits for a descriptor in Node's event loop. */
  watch(descriptor: number): DescriptorWatch
  /** Where memory lies; it stays there as long as it is held. */
  addressOf(memory: ArrayBuffer): bigint
}
