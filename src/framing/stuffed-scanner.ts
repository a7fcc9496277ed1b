import type { FramerOptions } from '../plugin/framing.js'
import { LineScanner } from '../plugin/framing-lines.js'
import type { Scanner } from '../plugin/framing-scanner.js'

/**
 * Frames whose content never holds what delimits them. Nothing but that ends one: what a pause or the end of the stream cut may
 * well be decoded, to less than was sent, so it is given up.
 */
export function stuffedScanner(delimiter: Uint8Array, { onDamage }: Pick<FramerOptions, 'onDamage'>): Scanner {
  const lines = new LineScanner(delimiter)
  return {
    rescan: lines.rescan,
    trailer: lines.trailer,
    find: (bytes, from) => lines.find(bytes, from),
    trim: (bytes, start, end) => lines.trim(bytes, start, end),
    last: () => {
      onDamage?.('cut_off')
      return undefined
    },
    reset: () => undefined,
  }
}
