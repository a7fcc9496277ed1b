import type { EventRecord } from '../../event/event.js'
import {
  codesData,
  information,
  informationChecks,
  informationTexts,
  type ObdAnswer,
  refusalIn,
  service,
} from './messages.js'
import { dtcTexts } from './dtc.js'
import { supportedIn, supportedStep } from './supported.js'

/** A way to the ECUs of a car. */
export interface ObdLink {
  /**
   * What they answer, which may be nothing; once `expected` of them have, no others are waited for. All are asked, or the one that
   * answers from the identifier `ecu`.
   */
  request(request: Uint8Array, expected?: number, ecu?: string): Promise<ObdAnswer[]>
}

/** The last parameter that tells which there are behind it. */
const lastAsked = 0xe0

/** Asks which parameters there are, 32 at a time as long as there are more. Empty where nobody answers. */
export async function readSupported(
  link: ObdLink,
  which: number = service.currentData,
): Promise<Map<number, Set<string>>> {
  const supported = new Map<number, Set<string>>()
  // A freeze frame has a number: the first one is that of the code which lit the lamp.
  const frame = which === service.freezeFrame ? [0] : []
  for (let asked = 0; asked <= lastAsked; asked += supportedStep) {
    for (const { ecu, payload } of await link.request(Uint8Array.of(which, asked, ...frame))) {
      if (refusalIn(payload) !== undefined) continue
      const start = 2 + frame.length
      for (const pid of supportedIn(asked, payload.subarray(start, start + 4))) add(supported, pid, ecu)
    }
    if (!supported.has(asked + supportedStep)) break
  }
  return supported
}

function add(supported: Map<number, Set<string>>, pid: number, ecu: string): void {
  const ecus = supported.get(pid) ?? new Set()
  supported.set(pid, ecus.add(ecu))
}

/** Trouble codes of one ECU: stored, pending and permanent ones. */
export interface EcuCodes {
  readonly stored: string[]
  readonly pending: string[]
  readonly permanent: string[]
}

/** Trouble codes of all ECUs that answer. */
export async function readCodes(link: ObdLink): Promise<Map<string, EcuCodes>> {
  const ecus = new Map<string, EcuCodes>()
  const kinds = [
    ['stored', service.storedCodes],
    ['pending', service.pendingCodes],
    ['permanent', service.permanentCodes],
  ] as const
  for (const [kind, number] of kinds) {
    for (const { ecu, payload } of await link.request(Uint8Array.of(number))) {
      if (refusalIn(payload) !== undefined) continue
      const codes = ecus.get(ecu) ?? { stored: [], pending: [], permanent: [] }
      codes[kind].push(...dtcTexts(codesData(payload)))
      ecus.set(ecu, codes)
    }
  }
  return ecus
}

/** Number of the vehicle, names and checks of what runs in each ECU that answers. */
export async function readVehicle(link: ObdLink): Promise<Map<string, EventRecord>> {
  const ecus = new Map<string, EventRecord>()
  const supported = await readSupported(link, service.vehicleInformation)
  const kinds: [type: number, read: (payload: Uint8Array) => EventRecord][] = [
    [information.identification, (payload) => first('vin', informationTexts(payload, 17))],
    [information.calibrations, (payload) => ({ calibration_ids: informationTexts(payload, 16) })],
    [information.checks, (payload) => ({ calibration_checks: informationChecks(payload) })],
    [information.ecuName, (payload) => first('ecu_name', informationTexts(payload, 20))],
  ]
  for (const [type, read] of kinds) {
    // A car that does not say what it has is asked for its number all the same.
    if (!supported.has(type) && (supported.size > 0 || type !== information.identification)) continue
    const expected = supported.get(type)?.size
    for (const { ecu, payload } of await link.request(Uint8Array.of(service.vehicleInformation, type), expected)) {
      if (refusalIn(payload) === undefined) ecus.set(ecu, { ...ecus.get(ecu), ...read(payload) })
    }
  }
  return ecus
}

function first(name: string, [text]: string[]): EventRecord {
  return text === undefined ? {} : { [name]: text }
}
