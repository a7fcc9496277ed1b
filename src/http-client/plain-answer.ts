import { constants, gunzipSync } from 'node:zlib'

/** The beginning of an answer. Some servers compress what nobody asked them to. */
export function plainAnswer(beginning: Buffer, encoding: string | undefined, mostBytes: number): Buffer {
  const plain = encoding === 'gzip' ? unpacked(beginning, mostBytes) : beginning
  return plain.subarray(0, mostBytes)
}

function unpacked(beginning: Buffer, mostBytes: number): Buffer {
  try {
    return gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes + 65_536 })
  } catch {
    return Buffer.alloc(0) // damaged, or longer than what is kept: its status says enough
  }
}
