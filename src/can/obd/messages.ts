/** Services of SAE J1979 that only ask. */
export const service = {
  currentData: 0x01,
  freezeFrame: 0x02,
  storedCodes: 0x03,
  pendingCodes: 0x07,
  vehicleInformation: 0x09,
  permanentCodes: 0x0a,
} as const

/** An answer has the number of its service and this (ISO 14229-1, 8.2). */
const positive = 0x40
const negative = 0x7f

/** What one ECU said. */
export interface ObdAnswer {
  /** Whom it came from: its identifier in hexadecimal, such as `7E8`. */
  readonly ecu: string
  /** From the service on. */
  readonly payload: Uint8Array
}

/** ReadDataByIdentifier (ISO 14229-1): its identifiers have two bytes. */
const dataByIdentifier = 0x22

/** Whether a message answers a request: the service, and what is asked for of it, come again in it. */
export function isAnswerTo(request: Uint8Array, payload: Uint8Array): boolean {
  const [asked = 0, first] = request
  if (payload[0] === negative) return payload[1] === asked
  if (payload[0] !== asked + positive) return false
  const isSame = first === undefined || payload[1] === first
  return isSame && (asked !== dataByIdentifier || payload[2] === request[2])
}

/** The reason of a message that says no; undefined of any other. */
export function refusalIn(payload: Uint8Array): number | undefined {
  return payload[0] === negative ? payload[2] : undefined
}

/** Data of a parameter behind `41 PID`, or `42 PID FRAME`. */
export function parameterData(payload: Uint8Array): Uint8Array {
  return payload.subarray(payload[0] === service.freezeFrame + positive ? 3 : 2)
}

/**
 * Codes behind `43`, `47` or `4A`. On CAN a byte with their number goes before them (J1979, 6.3.2.3); older protocols have none, and
 * fill up three codes a message: then the number of bytes is odd with it, even without.
 */
export function codesData(payload: Uint8Array): Uint8Array {
  const data = payload.subarray(1)
  if (data.length % 2 === 0) return data
  return data.subarray(1, 1 + 2 * (data[0] ?? 0))
}

/** Kinds of vehicle information (J1979, table G1). */
export const information = { identification: 0x02, calibrations: 0x04, checks: 0x06, ecuName: 0x0a } as const

/**
 * Texts of an answer to service 09, `size` bytes each, behind `49 TYPE COUNT`. Fill bytes, zero and 0xFF at either end, are no part
 * of a text.
 */
export function informationTexts(payload: Uint8Array, size: number): string[] {
  const data = payload.subarray(3)
  const texts: string[] = []
  for (let at = 0; at < data.length; at += size) texts.push(textIn(data.subarray(at, at + size)))
  return texts.filter((text) => text !== '')
}

/** Characters that can be printed alone; what a broken ECU sends besides is left out. */
function textIn(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.filter((byte) => byte >= 0x20 && byte < 0x7f)).trim()
}

/** Check numbers of calibrations, four bytes each, in hexadecimal. */
export function informationChecks(payload: Uint8Array): string[] {
  const data = payload.subarray(3)
  const texts: string[] = []
  for (let at = 0; at + 4 <= data.length; at += 4) texts.push(hexText(data.subarray(at, at + 4)))
  return texts
}

export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
}
