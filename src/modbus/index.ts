/**
 * Modbus for plugins that ask devices: requests and answers, their frames on serial lines and over TCP, a client for one line, and
 * a plan of few requests for many values.
 * @module
 */

export { type ClientParts, type LineOfBytes, ModbusClient, type Patience } from './client.js'
export { exceptionName, isUnreachable } from './exception.js'
export type { Framing } from './framing.js'
export { framings, type Transmission } from './framings.js'
export { type Answer, isBitTable, type ReadRequest, type Table, tables } from './pdu.js'
export { type Block, type Place, planReads, type PlanLimits } from './plan.js'
export { silenceMs } from './silence.js'
export { LostConnectionError, SocketLine } from './socket-line.js'
