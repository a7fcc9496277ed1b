import { every, type Input, type InputContext, toEventTime } from 'sluice/plugin'
import { Background } from './background.js'
import type { Device, Kind } from './device.js'
import { findDevices } from './find-devices.js'
import { Readers } from './readers.js'

export interface SensorsSettings {
  readonly interval: number
  readonly rescan_interval: number
  readonly kinds: readonly Kind[]
  readonly wanted: (device: Device) => boolean
  readonly sysfs_path: string
  readonly tag: string
}

export function sensorsInput(settings: SensorsSettings, context: InputContext): Input {
  return {
    async run(signal) {
      const readers = new Readers(context)
      const search = searching(settings, readers, context)
      const background = new Background(context, signal, (record) => void context.emit(settings.tag, record))
      try {
        await every(settings.interval, context, () => {
          search()
          readAll(readers, background, settings.tag, context)
        }).run(signal)
      } finally {
        readers.close()
      }
    },
  }
}

/** Searches when it is time to; that nothing was found is told when it begins. */
function searching(settings: SensorsSettings, readers: Readers, context: InputContext): () => void {
  let due = context.clock.monotonic()
  let told = false
  return () => {
    if (context.clock.monotonic() < due) return
    due = context.clock.monotonic() + settings.rescan_interval
    const found = settings.kinds.flatMap((kind) => findDevices(settings.sysfs_path, kind))
    readers.replace(found.filter(settings.wanted))
    if (readers.size === 0 && !told) context.log.warn(noSensor(settings))
    told = readers.size === 0
  }
}

function noSensor({ sysfs_path: root, kinds }: SensorsSettings): string {
  return `this machine has no sensor that is asked for in ${root} (${kinds.join(', ')}); there are no records until it has one`
}

/** One event a device, all of one time, save of those that take long: theirs come when they come. */
function readAll(readers: Readers, background: Background, tag: string, context: InputContext): void {
  const time = toEventTime(context.clock.wall())
  for (const reader of readers.all) {
    if (reader.slow) {
      background.read(reader)
    } else {
      const record = reader.read()
      if (record) context.emit(tag, record, time)
    }
  }
}
