/** A value as a line of JSON. What has no integers beyond 2^53 would read others than were sent: these are sent as text. */
export function jsonText(value: unknown): string {
  const plain = (_: string, each: unknown): unknown => (typeof each === 'bigint' ? plainInteger(each) : each)
  return `${JSON.stringify(value, plain) ?? 'null'}\n`
}

function plainInteger(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
