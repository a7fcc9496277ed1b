import { crc32 } from 'node:zlib'

import { headBytes } from './frame.js'
import type { Step } from './walk.js'

/** Something in a file that is not as it should be. */
export interface Problem {
  readonly path: string
  /** Where in the file. */
  readonly at: number
  readonly bytes: number
  readonly expected: string
  readonly got: string
}

type Finding = Pick<Problem, 'expected' | 'got'>

export function hexNumber(value: number, digits = 8): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

/** What is wrong at a place where no whole frame stands. */
export function findingOf(step: Exclude<Step, { readonly kind: 'frame' }>): Finding {
  switch (step.kind) {
    case 'body':
      return {
        expected: `${textOfFrame(step.head)} with body CRC-32 ${hexNumber(step.head.bodySum)}`,
        got: hexNumber(step.sum),
      }
    case 'cut':
      return { expected: `${textOfFrame(step.head)} of ${step.head.size} bytes`, got: `${step.bytes} bytes` }
    case 'gap':
      return findingOfGap(step.found)
  }
}

/** Why these bytes are no head: its mark, its length, its checksum or what it says. */
function findingOfGap(found: Buffer): Finding {
  const mark = found.subarray(0, 4)
  if (mark.toString('latin1') !== 'SLF1') return { expected: 'a frame, "SLF1"', got: `0x${mark.toString('hex')}` }
  if (found.length < headBytes) return { expected: `a frame head of ${headBytes} bytes`, got: `${found.length} bytes` }
  const sum = found.readUInt32BE(64)
  const actual = crc32(found.subarray(0, 64))
  if (sum !== actual) return { expected: `a frame head with CRC-32 ${hexNumber(sum)}`, got: hexNumber(actual) }
  return { expected: 'a frame size that its names fit in', got: `${found.readUInt32BE(4)} bytes` }
}

function textOfFrame({
  kind,
  sequence,
  count,
}: {
  readonly kind: number
  readonly sequence: number
  readonly count: number
}): string {
  return kind === 1 ? `chunk ${sequence} of ${count} events` : `a frame of kind ${kind}`
}
