/**
 * Ways to a CAN bus: interfaces of the kernel, adapters on serial lines, what serves where the kernel's cannot be had, and logs of it.
 * @module
 */

export type { BusState, CanBus, CanFilter, CanSource, TakeFrame } from './can-bus.js'
export { CanInterface, type CanInterfaceSettings } from './can-interface.js'
export { Candump, type CandumpSettings } from './candump.js'
export { errorWords } from './error-words.js'
export type { LogOrigin, LogSettings } from './log/log-reader.js'
export { LogSource } from './log/log-source.js'
export { PacedLog } from './log/paced-log.js'
export { checkBitRates } from './slcan/bit-rates.js'
export { Slcan, type SlcanSettings } from './slcan/slcan.js'
export { SocketCan, type SocketCanSettings } from './socketcan/socketcan.js'
export { Socketcand, type SocketcandSettings } from './socketcand/socketcand.js'
