/**
 * Reason codes of a PUBACK (MQTT 5.0, section 3.4.2.1) that the same event will get again, however often it is sent. All
 * others, such as 0x97 "quota exceeded" and 0x87 "not authorized", pass or are put right on the broker.
 */
const refusals: ReadonlySet<unknown> = new Set([
  0x90, // topic name invalid
  0x99, // payload format invalid
])

export function isRefusal(reasonCode: unknown): boolean {
  return refusals.has(reasonCode)
}
