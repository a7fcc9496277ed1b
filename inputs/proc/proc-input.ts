import { readdirSync } from 'node:fs'
import { every, type EventRecord, type Input, type InputContext, messageOf } from 'sluice/plugin'
import { Finder, type Found } from './finder.js'
import { memoryOf } from './status.js'

interface Settings {
  readonly interval: number
  readonly proc_name: string
  readonly alert: boolean
  readonly mem: boolean
  readonly fd: boolean
  readonly tag: string
}

export function procInput(settings: Settings, context: InputContext, root = '/proc'): Input {
  const finder = new Finder(settings.proc_name, root)
  return every(settings.interval, context, () => {
    const found = finder.find()
    if (found && settings.alert) return
    context.emit(settings.tag, found ? aliveRecord(found, settings, context) : deadRecord(settings))
  })
}

/** There is nothing to measure, so neither memory nor files are made up. */
function deadRecord({ proc_name }: Settings): EventRecord {
  return { alive: false, proc_name, pid: -1 }
}

function aliveRecord(found: Found, settings: Settings, context: InputContext): EventRecord {
  const files = settings.fd ? openFiles(found, context) : undefined
  return {
    alive: true,
    proc_name: settings.proc_name,
    pid: found.pid,
    ...(settings.mem ? memoryOf(found.status) : {}),
    ...(files === undefined ? {} : { fd: files }),
  }
}

/** The files of another user's process are seen by root alone. */
function openFiles({ folder }: Found, context: InputContext): number | undefined {
  try {
    return readdirSync(`${folder}/fd`).length
  } catch (error) {
    context.log.warn(`fd: the open files cannot be counted, so they are left out: ${messageOf(error)}`)
    return undefined
  }
}
