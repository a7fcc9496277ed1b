import { every, type Input, type InputContext, toEventTime } from 'sluice/plugin'
import { type Zone, Zones } from './zones.js'

interface Settings {
  readonly interval: number
  readonly wanted: (zone: Zone) => boolean
  readonly tag: string
}

/** The kernel's word for a sensor without a reading, in thousandths of a degree (THERMAL_TEMP_INVALID). */
const invalidTemp = -274_000

export function thermalInput(settings: Settings, context: InputContext, root = '/sys'): Input {
  return {
    async run(signal) {
      const zones = new Zones(root)
      let told = false
      try {
        await every(settings.interval, context, () => {
          const wanted = zones.current().filter(settings.wanted)
          if (wanted.length === 0 && !told) context.log.warn(noZone(root))
          told = wanted.length === 0
          emitTemps(wanted, settings.tag, context)
        }).run(signal)
      } finally {
        zones.close()
      }
    },
  }
}

function noZone(root: string): string {
  return `this machine has no thermal zone that is asked for in ${root}/class/thermal; there are no records until it has one`
}

/** One event a zone, all of one time. */
function emitTemps(zones: readonly Zone[], tag: string, context: InputContext): void {
  const time = toEventTime(context.clock.wall())
  for (const { name, type, temp: file } of zones) {
    const temp = degreesOf(() => file.read())
    if (temp === undefined) context.count('unreadable_zones')
    else context.emit(tag, { name, type, temp }, time)
  }
}

/** Drivers answer with all kinds of errors while a sensor sleeps or its radio is off: such a zone is left out this time. */
function degreesOf(read: () => string): number | undefined {
  try {
    const thousandths = Number.parseInt(read(), 10)
    return Number.isNaN(thousandths) || thousandths <= invalidTemp ? undefined : thousandths / 1000
  } catch {
    return undefined // counted by the caller
  }
}
