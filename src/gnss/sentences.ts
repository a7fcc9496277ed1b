import { dateOf, dayOf, degreesOf, knotsToMetres, numberOf } from './fields.js'
import { type Fix, type Quality, rounded } from './fix.js'

/** A fix in the making; mode and time are known at its end. */
export interface Draft extends Partial<Omit<Fix, 'mode' | 'timeMs' | 'heardMs'>> {
  /** Beginning of the day, in milliseconds since 1970 UTC. */
  dateMs?: number | undefined
}

type Fields = readonly string[]

/** Which field of a sentence has the time of day. */
export const timeFields = { GGA: 0, GNS: 0, RMC: 0, ZDA: 0, GLL: 4 } as const

export type Timed = keyof typeof timeFields

/**
 * What sentences say of a moment (NMEA 0183 version 4.10, section 6.3). GGA knows best how a position came about, RMC how fast it
 * changes; the others say what these left open.
 */
export const sentences: { readonly [T in Timed | 'VTG']: (draft: Draft, fields: Fields) => void } = {
  GGA(draft, fields) {
    place(draft, fields, 1)
    draft.quality = qualities[Number(fields[5])] ?? 'none'
    draft.satellites_used ??= numberOf(fields[6])
    draft.hdop ??= numberOf(fields[7])
    draft.alt_m ??= numberOf(fields[8])
    draft.geoid_separation_m ??= numberOf(fields[10])
    draft.differential_age_s ??= numberOf(fields[12])
  },
  GNS(draft, fields) {
    place(draft, fields, 1)
    draft.quality ??= bestOf(fields[5] ?? '')
    draft.satellites_used = numberOf(fields[6])
    draft.hdop ??= numberOf(fields[7])
    draft.alt_m ??= numberOf(fields[8])
    draft.geoid_separation_m ??= numberOf(fields[9])
    draft.differential_age_s ??= numberOf(fields[10])
  },
  RMC(draft, fields) {
    place(draft, fields, 2)
    draft.quality ??= fields[1] === 'A' ? bestOf(fields[11] ?? 'A') : 'none'
    draft.speed_ms = knotsToMetres(numberOf(fields[6]))
    draft.course_deg = numberOf(fields[7])
    draft.dateMs = dateOf(fields[8]) ?? draft.dateMs
    const variation = numberOf(fields[9])
    if (variation !== undefined) draft.magnetic_variation_deg = fields[10] === 'W' ? -variation : variation
  },
  GLL(draft, fields) {
    place(draft, fields, 0)
    draft.quality ??= fields[5] === 'A' ? bestOf(fields[6] ?? 'A') : 'none'
  },
  VTG(draft, fields) {
    draft.course_deg ??= numberOf(fields[0])
    draft.speed_ms ??= knotsToMetres(numberOf(fields[4])) ?? kilometres(numberOf(fields[6]))
  },
  ZDA(draft, fields) {
    draft.dateMs = dayOf(Number(fields[3]), Number(fields[2]), Number(fields[1])) ?? draft.dateMs
  },
}

/** Field 6 of GGA. */
const qualities: readonly Quality[] = [
  'none',
  'autonomous',
  'differential',
  'precise',
  'rtk_fixed',
  'rtk_float',
  'estimated',
  'manual',
  'simulated',
]

/** Mode indicators, the best first: GNS has one for each system. */
const modes: readonly (readonly [letter: string, quality: Quality])[] = [
  ['R', 'rtk_fixed'],
  ['F', 'rtk_float'],
  ['P', 'precise'],
  ['D', 'differential'],
  ['A', 'autonomous'],
  ['E', 'estimated'],
  ['M', 'manual'],
  ['S', 'simulated'],
]

/** Before version 2.3 there was no mode indicator. */
function bestOf(letters: string): Quality {
  if (letters === '') return 'autonomous'
  return modes.find(([letter]) => letters.includes(letter))?.[1] ?? 'none'
}

function place(draft: Draft, fields: Fields, from: number): void {
  const lat = degreesOf(fields[from], fields[from + 1], 90)
  const lon = degreesOf(fields[from + 2], fields[from + 3], 180)
  if (lat === undefined || lon === undefined) return
  draft.lat ??= lat
  draft.lon ??= lon
}

function kilometres(perHour: number | undefined): number | undefined {
  return perHour === undefined ? undefined : rounded(perHour / 3.6, 4)
}
