import { appendFileSync } from 'node:fs'

import { systemClock } from '../base/clock.js'
import type { ServiceSettings } from '../config/service-options.js'
import { type LogSettings, Log } from '../observe/log.js'
import { messageOf } from '../plugin/errors.js'
import type { Terminal } from './terminal.js'

/** The agent's log, on standard error or in the file that the service names. */
export function openLog(
  { log_level, log_file }: Pick<ServiceSettings, 'log_level' | 'log_file'>,
  terminal: Terminal,
): Log {
  return new Log(
    { level: log_level, ...(log_file === undefined ? toTerminal(terminal) : toFile(log_file, terminal)) },
    systemClock,
  )
}

type Destination = Pick<LogSettings, 'write' | 'paint'>

function toTerminal(terminal: Terminal): Destination {
  return { write: (line) => terminal.err(line), paint: (level, text) => terminal.paint(level, text) }
}

/**
 * Each line opens the file anew: one that logrotate has moved away is there again with the next line, and the last line is
 * written when the process ends. A log that cannot be written goes to standard error: the agent does not end for it.
 */
function toFile(path: string, terminal: Terminal): Destination {
  let isBroken = false
  const write = (line: string): void => {
    try {
      appendFileSync(path, `${line}\n`, { mode: 0o640 })
      isBroken = false
    } catch (error) {
      if (!isBroken) terminal.err(`log_file: ${messageOf(error)}; logging to standard error`)
      isBroken = true
      terminal.err(line)
    }
  }
  return { write, paint: (_, text) => text }
}
