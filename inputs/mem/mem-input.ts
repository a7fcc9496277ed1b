import { KernelFile } from 'sluice/host'
import { every, type EventRecord, type Input, type InputContext, messageOf } from 'sluice/plugin'
import { machineMemory, processMemory } from './memory.js'

interface Settings {
  readonly interval: number
  readonly pid: number
  readonly tag: string
}

export function memInput(settings: Settings, context: InputContext, root = '/proc'): Input {
  return {
    async run(signal) {
      const machine = new KernelFile(`${root}/meminfo`)
      const task = settings.pid > 0 ? new KernelFile(`${root}/${settings.pid}/status`) : undefined
      try {
        await every(settings.interval, context, () => {
          const record = { ...machineMemory(machine.read()), ...(task && taskMemory(task, settings, context)) }
          context.emit(settings.tag, record)
        }).run(signal)
      } finally {
        machine.close()
        task?.close()
      }
    },
  }
}

/** A process that is gone costs its own fields alone: the machine is still worth a record. */
function taskMemory(task: KernelFile, { pid }: Settings, context: InputContext): EventRecord {
  try {
    return processMemory(task.read())
  } catch (error) {
    context.log.warn(`pid: process ${pid} cannot be read, so its memory is left out: ${messageOf(error)}`)
    return {}
  }
}
