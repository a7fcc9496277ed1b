import type { Parsed } from 'sluice/plugin'

/** The lines of a frame that have something in them. */
export function* parseRaw(frame: Uint8Array): Generator<Parsed> {
  for (const line of Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString().split('\n')) {
    const event = line.endsWith('\r') ? line.slice(0, -1) : line
    if (event !== '') yield { record: { event } }
  }
}
