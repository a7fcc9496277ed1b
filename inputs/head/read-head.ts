import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'

interface Limit {
  readonly bytes: number
  readonly lines: number
}

const pieceBytes = 4096

/**
 * The text at the beginning of a file: up to a number of lines, newlines kept, or of bytes, a character that these would cut
 * left out. It waits for the file without stopping anything else: a value below /sys may come off a slow bus.
 */
export async function readHead(path: string, limit: Limit): Promise<string> {
  const file = await open(path)
  try {
    const decoder = new StringDecoder('utf8')
    const piece = Buffer.alloc(Math.min(limit.bytes, pieceBytes))
    let text = ''
    for (let read = 0; read < limit.bytes;) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, limit.bytes - read))
      if (bytesRead === 0) break
      read += bytesRead
      text += decoder.write(piece.subarray(0, bytesRead))
      const end = endOfLine(text, limit.lines)
      if (end >= 0) return text.slice(0, end)
    }
    return text
  } finally {
    await file.close()
  }
}

/** Where this many lines end, or -1 when the text has fewer. */
function endOfLine(text: string, lines: number): number {
  let end = 0
  for (let line = 0; line < lines; line++) {
    end = text.indexOf('\n', end) + 1
    if (end === 0) return -1
  }
  return end
}
