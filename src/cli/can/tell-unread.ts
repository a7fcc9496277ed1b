import { counted } from '../../base/counted.js'
import type { CanLog } from '../../can/index.js'
import type { Terminal } from '../terminal.js'

/** Tells how many lines of a log could not be read, and where the last of them was; false where all could be. */
export function tellUnread(path: string, log: CanLog, terminal: Terminal): boolean {
  const unread = log.bad + log.tooLong
  if (unread === 0) return false
  const where = log.bad > 0 ? `, the last of them line ${log.lastBad}` : ''
  const form = log.format ?? 'candump'
  terminal.err(`${terminal.paint('warn', 'warning')}: ${path}: ${counted(unread, 'line')} not read as ${form}${where}`)
  return true
}
