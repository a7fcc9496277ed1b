import { AgentError } from '../../base/agent-error.js'
import { dtcText } from '../obd/dtc.js'
import { refusalIn } from '../obd/messages.js'
import type { ObdLink } from '../obd/vehicle.js'

/** ReadDTCInformation, and those of its sub-functions that this reads (ISO 14229-1:2020, 12.3). */
const service = 0x19
export const dtcReport = { count: 0x01, byStatus: 0x02, extendedData: 0x06, supported: 0x0a } as const

/** Bits of a status, from the least significant one (ISO 14229-1:2020, annex D.2). */
const statusNames = [
  'test_failed',
  'test_failed_this_cycle',
  'pending',
  'confirmed',
  'test_not_completed_since_clear',
  'test_failed_since_clear',
  'test_not_completed_this_cycle',
  'warning_indicator_requested',
] as const

export type DtcStatus = (typeof statusNames)[number]

export interface UdsDtc {
  /** Three bytes as they are written: `P0143-1A`, of which the last two digits are the failure type (SAE J2012-DA). */
  readonly code: string
  readonly status: readonly DtcStatus[]
}

/** The codes that a workshop looks at: those whose test failed just now, pending and confirmed ones. */
export const presentCodes = 0x01 | 0x04 | 0x08

/** Requests for the number of codes, or for the codes, with any of these bits of status. */
export function dtcRequest(report: 'count' | 'byStatus', statusMask: number): Uint8Array {
  return Uint8Array.of(service, dtcReport[report], statusMask)
}

/** A request for all codes that the ECU knows. */
export function supportedDtcRequest(): Uint8Array {
  return Uint8Array.of(service, dtcReport.supported)
}

/** A request for the extended data of a code of 24 bits: one record of it, or all (0xFF). */
export function extendedDataRequest(code: number, record = 0xff): Uint8Array {
  return Uint8Array.of(service, dtcReport.extendedData, (code >> 16) & 0xff, (code >> 8) & 0xff, code & 0xff, record)
}

/** `59 01 AVAILABLE FORMAT COUNT COUNT`. Throws an AgentError, `CAN_UDS_MALFORMED`, as all of these do. */
export function readDtcCount(answer: Uint8Array): number {
  checkReport(answer, [dtcReport.count], 6)
  return ((answer[4] ?? 0) << 8) | (answer[5] ?? 0)
}

/** `59 02 AVAILABLE` or `59 0A AVAILABLE`, then four bytes a code. */
export function readDtcs(answer: Uint8Array): UdsDtc[] {
  checkReport(answer, [dtcReport.byStatus, dtcReport.supported], 3)
  const codes: UdsDtc[] = []
  for (let at = 3; at + 4 <= answer.length; at += 4) codes.push(dtcAt(answer, at))
  return codes
}

/** The codes that are present in each ECU that answers with any of 24 bits. Throws what the link throws. */
export async function readPresentDtcs(link: ObdLink): Promise<Map<string, UdsDtc[]>> {
  const ecus = new Map<string, UdsDtc[]>()
  for (const { ecu, payload } of await link.request(dtcRequest('byStatus', presentCodes))) {
    if (refusalIn(payload) === undefined && payload.length >= 3) ecus.set(ecu, readDtcs(payload))
  }
  return ecus
}

export interface ExtendedData {
  readonly dtc: UdsDtc
  /** Number of the first record, and the bytes from it on: how long a record is only the maker of the ECU knows. */
  readonly record: number | undefined
  readonly data: Uint8Array
}

/** `59 06 CODE CODE CODE STATUS`, then records of a number and its data. */
export function readExtendedData(answer: Uint8Array): ExtendedData {
  checkReport(answer, [dtcReport.extendedData], 6)
  return { dtc: dtcAt(answer, 2), record: answer[6], data: answer.subarray(7) }
}

export function statusOf(bits: number): DtcStatus[] {
  return statusNames.filter((_name, bit) => (bits & (1 << bit)) !== 0)
}

function dtcAt(answer: Uint8Array, at: number): UdsDtc {
  const [high = 0, middle = 0, low = 0, status = 0] = answer.subarray(at, at + 4)
  const failure = low.toString(16).toUpperCase().padStart(2, '0')
  return { code: `${dtcText(high, middle)}-${failure}`, status: statusOf(status) }
}

function checkReport(answer: Uint8Array, reports: readonly number[], least: number): void {
  const isRight = answer[0] === service + 0x40 && reports.includes(answer[1] ?? -1) && answer.length >= least
  if (isRight) return
  const got = Array.from(answer.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  throw new AgentError('CAN_UDS_MALFORMED', `uds: expected an answer of trouble codes of ${least} bytes, got "${got}"`)
}
