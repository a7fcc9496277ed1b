/**
 * Ways to a CAN bus: interfaces of the kernel, adapters on serial lines, and what serves where the kernel's cannot be had.
 * @module
 */

export type { BusState, CanBus, CanFilter, CanSource, TakeFrame } from './can-bus.js'
export { CanInterface, type CanInterfaceSettings } from './can-interface.js'
export { Candump, type CandumpSettings } from './candump.js'
export { errorWords } from './error-words.js'
export { Slcan, type SlcanSettings } from './slcan/slcan.js'
export { SocketCan, type SocketCanSettings } from './socketcan/socketcan.js'
export { Socketcand, type SocketcandSettings } from './socketcand/socketcand.js'
