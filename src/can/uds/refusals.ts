/** An ECU that needs longer says so, and answers later (ISO 14229-1, annex A). */
export const responsePending = 0x78

/** Reasons of a negative response (ISO 14229-1:2020, table A.1). */
const reasons: { readonly [code: number]: string } = {
  0x10: 'general reject',
  0x11: 'service not supported',
  0x12: 'sub-function not supported',
  0x13: 'incorrect message length or invalid format',
  0x14: 'response too long',
  0x21: 'busy, repeat request',
  0x22: 'conditions not correct',
  0x24: 'request sequence error',
  0x25: 'no response from subnet component',
  0x26: 'failure prevents execution of requested action',
  0x31: 'request out of range',
  0x33: 'security access denied',
  0x34: 'authentication required',
  0x35: 'invalid key',
  0x36: 'exceeded number of attempts',
  0x37: 'required time delay not expired',
  0x70: 'upload or download not accepted',
  0x71: 'transfer data suspended',
  0x72: 'general programming failure',
  0x73: 'wrong block sequence counter',
  [responsePending]: 'request correctly received, response pending',
  0x7e: 'sub-function not supported in active session',
  0x7f: 'service not supported in active session',
  0x81: 'engine speed too high',
  0x82: 'engine speed too low',
  0x83: 'engine is running',
  0x84: 'engine is not running',
  0x85: 'engine run time too low',
  0x86: 'temperature too high',
  0x87: 'temperature too low',
  0x88: 'vehicle speed too high',
  0x89: 'vehicle speed too low',
  0x8a: 'throttle or pedal too high',
  0x8b: 'throttle or pedal too low',
  0x8c: 'transmission not in neutral',
  0x8d: 'transmission not in gear',
  0x8f: 'brake not closed',
  0x90: 'shifter lever not in park',
  0x91: 'torque converter clutch locked',
  0x92: 'voltage too high',
  0x93: 'voltage too low',
}

/** Reasons that a later request may not have: busy, and conditions that are not right at present. */
const passing: readonly number[] = [0x21, 0x22]

export function isPassing(code: number): boolean {
  return passing.includes(code) || code > 0x80
}

/** Why an ECU said no, in words; `reason 0x5A` where the standard has none. */
export function refusalText(code: number): string {
  return reasons[code] ?? `reason 0x${code.toString(16).toUpperCase().padStart(2, '0')}`
}
