import { constants, gunzipSync } from 'node:zlib'

/** The beginning of an answer as text. Some servers compress what nobody asked them to. */
export function answerText(beginning: Buffer, encoding: string | undefined, mostBytes: number): string {
  const plain = encoding === 'gzip' ? unpacked(beginning, mostBytes) : beginning
  return plain.toString('utf8', 0, mostBytes)
}

function unpacked(beginning: Buffer, mostBytes: number): Buffer {
  try {
    return gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes + 65_536 })
  } catch {
    return Buffer.alloc(0) // damaged, or longer than what is kept: its status says enough
  }
}
