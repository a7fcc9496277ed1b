import { AscReader } from './asc-reader.js'
import { CandumpReader } from './candump-reader.js'
import type { LineReader } from './line-reader.js'
import { SlcanReader } from './slcan-reader.js'
import { TrcReader } from './trc-reader.js'

/** Forms that logs of CAN have. */
export const logFormats = ['candump', 'asc', 'trc', 'slcan'] as const

export type LogFormat = (typeof logFormats)[number]

export function readerOf(format: LogFormat): LineReader {
  switch (format) {
    case 'candump':
      return new CandumpReader()
    case 'asc':
      return new AscReader()
    case 'trc':
      return new TrcReader()
    case 'slcan':
      return new SlcanReader()
  }
}

/**
 * The form of a log, by one of its first lines; undefined for one that says nothing, such as an empty line:
 *
 *     date Thu Jul 10 11:04:12 2015      base hex  timestamps absolute      0.015991 1  123  Rx d 2 11 22     ASC
 *     ;$FILEVERSION=2.1                  ;##########       1)      1059.9  Rx  0300  2  00 00                TRC
 *     t12321122                          T12345678211220EB3                                                  slcan
 *
 * and all others are candump's.
 */
export function formatOf(line: string): LogFormat | undefined {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return undefined
  if (/^(date |base (hex|dec)|(no )?internal events |\/\/|begin trigger|\d+\.\d+ )/i.test(text)) return 'asc'
  if (/^(;|\d+\) )/.test(text)) return 'trc'
  return /^([td][\da-f]{3}|[TD][\da-f]{8}|[rb][\da-f]{3}|[RB][\da-f]{8})[\da-f]+$/i.test(text) ? 'slcan' : 'candump'
}
