import type snappyjs from 'snappyjs'
import { AgentError, messageOf } from 'sluice/plugin'

/** What a Snappy block holds (Snappy format description, "Compressed stream"). It says its size first, so that no room is made for one too large. */
export function unpack(block: Uint8Array, most: number, snappy: typeof snappyjs): Uint8Array {
  try {
    return snappy.uncompress(block, most)
  } catch (error) {
    const message = `loki: expected a Snappy block of at most ${most} bytes unpacked, got another; ${messageOf(error)}`
    throw new AgentError('CODEC_LOKI_SNAPPY', message, { cause: error })
  }
}
