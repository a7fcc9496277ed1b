import { createWriteStream } from 'node:fs'

import { systemClock } from '../base/clock.js'
import type { ServiceSettings } from '../config/service-options.js'
import { type LogSettings, Log } from '../observe/log.js'
import type { Terminal } from './terminal.js'

/** The agent's log, on standard error or in the file that the service names. */
export function openLog(
  { log_level, log_file }: Pick<ServiceSettings, 'log_level' | 'log_file'>,
  terminal: Terminal,
): Log {
  const level = log_level === 'trace' ? 'debug' : log_level
  return new Log(
    { level, ...(log_file === undefined ? toTerminal(terminal) : toFile(log_file, terminal)) },
    systemClock,
  )
}

type Destination = Pick<LogSettings, 'write' | 'paint'>

function toTerminal(terminal: Terminal): Destination {
  return { write: (line) => terminal.err(line), paint: (level, text) => terminal.paint(level, text) }
}

/** A log that cannot be written goes to standard error: the agent does not end for it. */
function toFile(path: string, terminal: Terminal): Destination {
  const file = createWriteStream(path, { flags: 'a', mode: 0o640 })
  let broken = false
  file.on('error', (error) => {
    if (!broken) terminal.err(`log_file: ${error.message}; logging to standard error`)
    broken = true
  })
  return { write: (line) => void (broken ? terminal.err(line) : file.write(`${line}\n`)), paint: (_, text) => text }
}
