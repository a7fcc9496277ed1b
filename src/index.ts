/**
 * Sluice inside another program: the same pipeline, with events pushed by the program and batches handed to it.
 * @module
 */

export { Agent } from './engine/agent.js'
export type { AgentConfig } from './engine/library.js'
export type { DiskFigures, LaneFigures } from './engine/stored-log.js'
export type { EventTime } from './event/event-time.js'
export type { Event, EventRecord, Value } from './event/event.js'
export type { LedgerFigures } from './observe/ledger.js'
export type { AgentStatus } from './observe/status.js'
export { AgentError } from './plugin/errors.js'
