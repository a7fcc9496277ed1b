import type { EventRecord } from '../../event/event.js'
import type { CanFrame } from '../frame.js'
import { nullAddress, pgnOf, sourceOf } from './id.js'
import { addressClaimedPgn, readName } from './name.js'
import {
  activeTroublePgn,
  previousTroublePgn,
  readTroubleMessage,
  type TroubleCode,
  type TroubleMessage,
} from './trouble-codes.js'

/** A message that says more than signals can: what to add to the tag, and its record. */
export interface NetworkRecord {
  readonly suffix: 'dm1' | 'dm2' | 'address_claim'
  readonly record: EventRecord
}

export interface NetworkRecordOptions {
  /** Conversion method of trouble codes that are of one of the three older kinds. */
  readonly conversion: 1 | 2 | 3
}

/** The record of a DM1, a DM2 or an address claim; undefined of any other message. */
export function networkRecord(frame: CanFrame, options: NetworkRecordOptions): NetworkRecord | undefined {
  if (!frame.extended || frame.remote || frame.error) return undefined
  switch (pgnOf(frame.id)) {
    case activeTroublePgn:
      return troubleRecord('dm1', frame, options)
    case previousTroublePgn:
      return troubleRecord('dm2', frame, options)
    case addressClaimedPgn:
      return claimRecord(frame)
    default:
      return undefined
  }
}

function troubleRecord(
  suffix: 'dm1' | 'dm2',
  frame: CanFrame,
  { conversion }: NetworkRecordOptions,
): NetworkRecord | undefined {
  const message = readTroubleMessage(frame, conversion)
  if (!message) return undefined
  const record = { source: sourceOf(frame.id), ...lampFields(message), dtcs: message.codes.map(codeRecord) }
  return { suffix, record }
}

/** Of how a lamp flashes only what does is told. */
function lampFields({ malfunction, redStop, amberWarning, protect, flashes }: TroubleMessage): EventRecord {
  return {
    malfunction_lamp: malfunction,
    red_stop_lamp: redStop,
    amber_warning_lamp: amberWarning,
    protect_lamp: protect,
    ...(flashes.malfunction === undefined ? {} : { malfunction_lamp_flash: flashes.malfunction }),
    ...(flashes.redStop === undefined ? {} : { red_stop_lamp_flash: flashes.redStop }),
    ...(flashes.amberWarning === undefined ? {} : { amber_warning_lamp_flash: flashes.amberWarning }),
    ...(flashes.protect === undefined ? {} : { protect_lamp_flash: flashes.protect }),
  }
}

function codeRecord({ spn, fmi, occurrences, conversion }: TroubleCode): EventRecord {
  return { spn, fmi, occurrences: occurrences ?? null, conversion }
}

function claimRecord(frame: CanFrame): NetworkRecord | undefined {
  const name = readName(frame)
  if (!name) return undefined
  const source = sourceOf(frame.id)
  const record = {
    source,
    claimed: source !== nullAddress,
    name: name.text,
    identity_number: name.identityNumber,
    manufacturer_code: name.manufacturerCode,
    ecu_instance: name.ecuInstance,
    function_instance: name.functionInstance,
    function: name.function,
    vehicle_system: name.vehicleSystem,
    vehicle_system_instance: name.vehicleSystemInstance,
    industry_group: name.industryGroup,
    arbitrary_address: name.arbitraryAddress,
  }
  return { suffix: 'address_claim', record }
}
