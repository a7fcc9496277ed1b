/**
 * Calls of the C library that Node does not have: sockets of any family, ioctl, many messages at a time, and waiting for a descriptor.
 * What Node has, such as `writeSync` and `closeSync` of `node:fs`, serves for these descriptors too.
 * @module
 */

export { DescriptorWatch } from './descriptor-watch.js'
export type { Libc } from './libc.js'
export { LibcError } from './libc-error.js'
export { loadLibc } from './load-libc.js'
export { MessageBatch, type MessageSizes } from './message-batch.js'
export { littleEndian, wordSize } from './platform.js'
