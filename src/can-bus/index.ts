/**
 * Ways to a CAN bus: interfaces of the kernel, and what serves where these cannot be had.
 * @module
 */

export type { BusState, CanBus, CanFilter, CanSource, TakeFrame } from './can-bus.js'
export { errorWords } from './error-words.js'
export { passes } from './filters.js'
export { SocketCan, type SocketCanSettings } from './socketcan/socketcan.js'
