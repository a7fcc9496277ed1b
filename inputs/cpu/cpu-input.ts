import { every, type Input, type InputContext } from 'sluice/plugin'
import { MachineReader } from './machine-reader.js'
import { ProcessReader } from './process-reader.js'
import type { Reader } from './reader.js'

interface Settings {
  readonly interval: number
  readonly pid: number
  readonly tag: string
}

/** A share needs two readings: the second comes this soon after the first, so that a record shows at once. */
const firstWindowMs = 200

export function cpuInput(settings: Settings, context: InputContext, root = '/proc'): Input {
  return {
    async run(signal) {
      const reader = readerOf(settings, context, root)
      try {
        reader.read()
        await context.clock.sleep(Math.min(firstWindowMs, settings.interval), signal)
        await every(settings.interval, context, () => {
          const record = reader.read()
          if (record) context.emit(settings.tag, record)
        }).run(signal)
      } finally {
        reader.close()
      }
    },
  }
}

function readerOf({ pid }: Settings, context: InputContext, root: string): Reader {
  return pid > 0 ? new ProcessReader(pid, context, root) : new MachineReader(context, root)
}
