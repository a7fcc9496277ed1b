import { crc32 } from 'node:zlib'

const ending = /,"sum":"([0-9a-f]{8})"\}$/

/** The JSON text of an object, with the CRC-32 of that text as one more field at its end. */
export function withSum(json: string): string {
  return `${json.slice(0, -1)},"sum":"${sumOf(json)}"}`
}

/** Whether the text is what was written; what it is told from is its sum and nothing else. */
export function hasItsSum(text: string): boolean {
  const found = ending.exec(text)
  return found !== null && found[1] === sumOf(`${text.slice(0, found.index)}}`)
}

function sumOf(json: string): string {
  return crc32(json).toString(16).padStart(8, '0')
}
