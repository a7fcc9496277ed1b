import { RecentMap } from '../base/recent-map.js'
import type { EventRecord, Value } from '../event/event.js'
import { isRecord } from '../event/record.js'
import type { PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { Fix, Mode, Quality } from './fix.js'

/** Asks for reports as JSON (gpsd_json(5), "?WATCH"). */
export const watchCommand = '?WATCH={"enable":true,"json":true};\n'

/** What clients of protocol 3 read, all since 2010 (gpsd_json(5), "VERSION"). */
const protocol = 3

const mostDevices = 16

/** `mode` of TPV. */
const modes: readonly Mode[] = ['none', 'none', '2d', '3d']

/** `status` of TPV; it is left out where there is nothing special. 5 and 6 are dead reckoning. */
const statuses: readonly Quality[] = [
  'autonomous',
  'autonomous',
  'differential',
  'rtk_fixed',
  'rtk_float',
  'estimated',
  'estimated',
  'surveyed',
  'simulated',
  'precise',
]

/** What needs no word. */
const expected = new Set(['DEVICE', 'WATCH'])

const skyFields = ['hdop', 'vdop', 'pdop', 'satellites_used', 'satellites_in_view'] as const

type Sky = Pick<Fix, (typeof skyFields)[number]>

/** Reads the reports of gpsd (gpsd_json(5)): a TPV is a fix, to which the last SKY of its device is added. */
export class GpsdReports {
  readonly #context: PluginContext
  readonly #skies = new RecentMap<string, Sky>(mostDevices)

  constructor(context: PluginContext) {
    this.#context = context
  }

  /** Throws an AgentError `GNSS_PROTOCOL` where this is another gpsd than one of protocol 3. */
  take(report: EventRecord): Fix | undefined {
    const name = textOf(report['class']) ?? ''
    if (name === 'TPV') return this.#fixOf(report)
    if (name === 'SKY') this.#takeSky(report)
    else if (name === 'VERSION') this.#takeVersion(report)
    else if (name === 'DEVICES') this.#takeDevices(report)
    else if (name === 'ERROR') this.#context.log.warn('gpsd has an error', { message: report['message'] ?? '' })
    else if (!expected.has(name)) this.#context.count('other_classes')
    return undefined
  }

  #fixOf(tpv: EventRecord): Fix {
    const device = textOf(tpv['device'])
    const mode = modes[numberOf(tpv['mode']) ?? 0] ?? 'none'
    const sky = this.#skies.get(device ?? '')
    const heardMs = this.#context.clock.wall()
    if (mode === 'none') return { heardMs, mode, quality: 'none', ...sky, device }
    const quality = statuses[numberOf(tpv['status']) ?? 0] ?? 'autonomous'
    return { heardMs, mode, quality, ...placeOf(tpv), ...sky, device }
  }

  /** Some versions send factors of precision and satellites in reports of their own: what one leaves out stays. */
  #takeSky(report: EventRecord): void {
    const device = textOf(report['device']) ?? ''
    const sky: Sky = { ...this.#skies.get(device) }
    const said = skyOf(report)
    for (const name of skyFields) sky[name] = said[name] ?? sky[name]
    this.#skies.set(device, sky)
  }

  #takeVersion(version: EventRecord): void {
    const major = numberOf(version['proto_major'])
    if (major !== protocol) {
      throw new AgentError('GNSS_PROTOCOL', `expected a gpsd of protocol ${protocol}, got ${major ?? 'no version'}`)
    }
    this.#context.log.info('gpsd answers', { release: version['release'] ?? '' })
  }

  #takeDevices({ devices }: EventRecord): void {
    if (Array.isArray(devices) && devices.length === 0) this.#context.log.warn('gpsd has no receiver at present')
  }
}

/** Since version 3.20 the satellites are counted; before, they are listed only. */
function skyOf(report: EventRecord): Sky {
  const listed = Array.isArray(report['satellites']) ? (report['satellites'] as readonly Value[]) : undefined
  const used = listed?.filter((satellite) => isRecord(satellite) && satellite['used'] === true)
  return {
    hdop: numberOf(report['hdop']),
    vdop: numberOf(report['vdop']),
    pdop: numberOf(report['pdop']),
    satellites_used: numberOf(report['uSat']) ?? used?.length,
    satellites_in_view: numberOf(report['nSat']) ?? listed?.length,
  }
}

function placeOf(tpv: EventRecord): Partial<Fix> {
  const timeMs = Date.parse(textOf(tpv['time']) ?? '')
  return {
    timeMs: Number.isNaN(timeMs) ? undefined : timeMs,
    lat: numberOf(tpv['lat']),
    lon: numberOf(tpv['lon']),
    alt_m: numberOf(tpv['altMSL']) ?? numberOf(tpv['alt']),
    geoid_separation_m: numberOf(tpv['geoidSep']),
    speed_ms: numberOf(tpv['speed']),
    course_deg: numberOf(tpv['track']),
    climb_ms: numberOf(tpv['climb']),
    magnetic_variation_deg: numberOf(tpv['magvar']),
    error_horizontal_m: numberOf(tpv['eph']),
    error_vertical_m: numberOf(tpv['epv']),
    error_time_s: numberOf(tpv['ept']),
    differential_age_s: numberOf(tpv['dgpsAge']),
  }
}

function numberOf(value: Value | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
