import { join } from 'node:path'

import type { Clock } from '../base/clock.js'
import { defaultLane } from '../config/check-lanes.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { DeadLetterStore } from '../flush/dead-letter-store.js'
import type { Appender } from '../log/appender.js'
import type { LogFiles } from '../log/disk/files.js'
import type { Mount } from '../log/disk/mount.js'
import { MountedFiles } from '../log/disk/mounted-files.js'
import { nodeFiles } from '../log/disk/node-files.js'
import type { Ledger } from '../observe/ledger.js'
import type { Log } from '../observe/log.js'
import { loggerOf } from './contexts.js'
import { DeadLetterDesk } from './dead-letter-desk.js'
import type { Lanes } from './lanes.js'
import { replay } from './replay.js'
import { startOldestOf } from './settings.js'
import { Storage } from './storage.js'
import { StoredLog } from './stored-log.js'

export interface CreateParts {
  readonly checked: CheckedPipeline
  readonly lanes: Lanes
  readonly ledger: Ledger
  /** The writing ends of all inputs, and of filters that make events, by the ids that their chunks have. */
  readonly appenders: ReadonlyMap<string, Appender>
  readonly letters: DeadLetterStore
  /** `service.storage.path`. */
  readonly path: string
  /** Of this path. */
  readonly mount: Mount
  /** Id of the machine's boot. */
  readonly boot: string
  readonly clock: Clock
  readonly log: Log
  /** The machine's own unless given. */
  readonly files?: LogFiles
}

/** What replayed dead letters have for an input. */
const replayed = 'dead_letter'

/** Makes what keeps the storage path. Touches nothing there. */
export function createStorage(parts: CreateParts): Storage {
  const { path, clock, log, letters, lanes, ledger } = parts
  const desk = new DeadLetterDesk({
    folder: join(path, 'dead'),
    store: letters,
    clock,
    log: loggerOf(log, 'dead_letter'),
    replay: (letter) =>
      replay(letter, { lane: lanes.lane(defaultLane), ledger: ledger.input(replayed), input: replayed }),
  })
  return new Storage({ path, desk, storedLog: storedLogOf(parts), clock, log: loggerOf(log, 'storage') })
}

/** Undefined where everything is held in memory. */
function storedLogOf({ checked, log, path, mount, boot, files: given, ...parts }: CreateParts): StoredLog | undefined {
  const { service } = checked
  if (checked.lanes.every(({ mode }) => mode === 'memory')) return undefined
  const files = given ?? new MountedFiles(nodeFiles, mount)
  return new StoredLog(
    { path, checkpointMs: service.checkpoint_interval, flushMs: service.flush, boot },
    { ...parts, files, log: loggerOf(log, 'log'), startOldest: startOldestOf(checked) },
  )
}
