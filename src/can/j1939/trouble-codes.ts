import type { CanFrame } from '../frame.js'

/** Groups of J1939-73: what is wrong now (5.7.1), and what was (5.7.2). */
export const activeTroublePgn = 65_226
export const previousTroublePgn = 65_227

/** What a lamp shows (J1939-73, 5.7.1.1 to 5.7.1.4). */
export type Lamp = 'off' | 'on' | 'error' | 'not_available'

/** How it flashes (J1939-73, 5.7.1.5 to 5.7.1.8); undefined where it does not. */
export type Flash = 'slow' | 'fast'

/** A suspect parameter and how it fails (J1939-73, 5.7.1.9 to 5.7.1.12). */
export interface TroubleCode {
  /** Suspect parameter number. */
  readonly spn: number
  /** Failure mode identifier, 31 where none fits. */
  readonly fmi: number
  /** How often it came; undefined where the sender does not count. */
  readonly occurrences: number | undefined
  /** Conversion method of the number. */
  readonly conversion: ConversionMethod
}

/** Version 4 is the one of today. What has the bit of the older ones set does not say which of the three it is. */
export type ConversionMethod = 1 | 2 | 3 | 4

export interface TroubleMessage {
  readonly malfunction: Lamp
  readonly redStop: Lamp
  readonly amberWarning: Lamp
  readonly protect: Lamp
  readonly flashes: {
    readonly malfunction: Flash | undefined
    readonly redStop: Flash | undefined
    readonly amberWarning: Flash | undefined
    readonly protect: Flash | undefined
  }
  readonly codes: readonly TroubleCode[]
}

const lamps: readonly Lamp[] = ['off', 'on', 'error', 'not_available']
const flashes: readonly (Flash | undefined)[] = ['slow', 'fast', undefined, undefined]

/**
 * Reads a DM1 or DM2, which may have come in many parts; undefined where it is too short to have lamps. `older` is the conversion
 * method to take for codes of the older three kinds.
 */
export function readTroubleMessage(
  { data, length }: Pick<CanFrame, 'data' | 'length'>,
  older: 1 | 2 | 3 = 1,
): TroubleMessage | undefined {
  if (length < 2) return undefined
  const shown = data[0] ?? 0
  const flashing = data[1] ?? 0
  return {
    malfunction: lampAt(shown, 6),
    redStop: lampAt(shown, 4),
    amberWarning: lampAt(shown, 2),
    protect: lampAt(shown, 0),
    flashes: {
      malfunction: flashAt(flashing, 6),
      redStop: flashAt(flashing, 4),
      amberWarning: flashAt(flashing, 2),
      protect: flashAt(flashing, 0),
    },
    codes: codesIn(data, length, older),
  }
}

/** The codes begin at the third byte, four bytes each; what is left of eight bytes is filler. */
function codesIn(data: Uint8Array, length: number, older: 1 | 2 | 3): TroubleCode[] {
  const codes: TroubleCode[] = []
  for (let at = 2; at + 4 <= length; at += 4) {
    const code = data.subarray(at, at + 4)
    if (!saysNothing(code)) codes.push(codeOf(code, older))
  }
  return codes
}

/** "No code" is four zero bytes, of older senders four bytes of ones (J1939-73, 5.7.1, "grandfathered"). */
function saysNothing([a, b, c, d]: Uint8Array): boolean {
  const isNone = a === 0 && b === 0 && c === 0 && d === 0
  return isNone || (a === 0xff && b === 0xff && c === 0xff && d === 0xff)
}

const conversionBit = 0x80
/** "Not available" of a count of seven bits. */
const noCount = 127

function codeOf(code: Uint8Array, older: 1 | 2 | 3): TroubleCode {
  const third = code[2] ?? 0
  const last = code[3] ?? 0
  const conversion = (last & conversionBit) === 0 ? 4 : older
  const occurrences = last & 0x7f
  return {
    spn: parameterOf(code, conversion),
    fmi: third & 31,
    occurrences: occurrences === noCount ? undefined : occurrences,
    conversion,
  }
}

/** 19 bits in three orders (J1939-73, 5.7.1.9): 1 has its most significant first, 2 its middle, 3 and 4 its least. */
function parameterOf([a = 0, b = 0, c = 0]: Uint8Array, conversion: ConversionMethod): number {
  const three = c >> 5
  switch (conversion) {
    case 1:
      return (a << 11) | (b << 3) | three
    case 2:
      return (b << 11) | (a << 3) | three
    case 3:
    case 4:
      return (three << 16) | (b << 8) | a
  }
}

function lampAt(bits: number, shift: number): Lamp {
  return lamps[(bits >> shift) & 3] ?? 'not_available'
}

function flashAt(bits: number, shift: number): Flash | undefined {
  return flashes[(bits >> shift) & 3]
}
