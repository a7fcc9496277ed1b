import { AgentError } from '../plugin/errors.js'
import { didYouMean } from '../base/nearest.js'
import { crcAliases, crcCatalogue } from './crc-catalogue.js'
import { crcOf, type CrcParameters, type Sum } from './crc.js'

/** A checksum, how many bytes it has, and the order in which protocols send them. */
export interface Checksum {
  readonly sum: Sum
  readonly bytes: number
  readonly endian: 'big' | 'little'
}

const xor: Sum = (bytes, start, end) => {
  let sum = 0
  for (let at = start; at < end; at++) sum ^= bytes[at] as number
  return sum
}

/** Bytes added up; a frame is too short for the sum to pass what a double holds exactly. */
function added(mask: number, twist: (sum: number) => number): Sum {
  return (bytes, start, end) => {
    let sum = 0
    for (let at = start; at < end; at++) sum += bytes[at] as number
    return twist(sum) & mask
  }
}

const plain = (sum: Sum, bytes: number): Checksum => ({ sum, bytes, endian: 'big' })
const itself = (sum: number): number => sum
const onesOf = (sum: number): number => ~sum
const twosOf = (sum: number): number => -sum

/** `ones` and `twos` are the complements: what makes all bits ones, or the sum 0, where it is added to the rest. */
const sums: { readonly [name: string]: Checksum } = {
  xor: plain(xor, 1),
  sum8: plain(added(0xff, itself), 1),
  sum8_ones: plain(added(0xff, onesOf), 1),
  sum8_twos: plain(added(0xff, twosOf), 1),
  sum16: plain(added(0xffff, itself), 2),
  sum16_ones: plain(added(0xffff, onesOf), 2),
  sum16_twos: plain(added(0xffff, twosOf), 2),
}

/** Every name that `checksumOf` knows, others for the same left out. */
export const checksumNames: readonly string[] = [...Object.keys(sums), ...Object.keys(crcCatalogue)]

/**
 * A checksum by its name, or a cyclic redundancy check by its parameters, such as
 * `width=16 poly=0x8005 init=0xffff refin=true refout=true xorout=0`. Throws an AgentError where `text` is neither.
 */
export function checksumOf(text: string): Checksum {
  if (text.includes('=')) return checksumWith(text)
  const name = namesOf(sums).get(bare(text))
  if (name !== undefined) return sums[name] as Checksum
  const crc = namesOf(crcCatalogue).get(bare(text)) ?? crcAliases[namesOf(crcAliases).get(bare(text)) ?? '']
  if (crc !== undefined) return checksumWith(crcCatalogue[crc] as string)
  const known = [...checksumNames, ...Object.keys(crcAliases)]
  const message = `expected one of ${Object.keys(sums).join(', ')}, a name such as CRC-16/MODBUS, or parameters`
  throw new AgentError(
    'FRAMING_CHECKSUM',
    `checksum: ${message}, got "${text}"${didYouMean(text.toUpperCase(), known)}`,
  )
}

function namesOf(table: object): ReadonlyMap<string, string> {
  return new Map(Object.keys(table).map((name) => [bare(name), name]))
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

function checksumWith(text: string): Checksum {
  const parameters = readParameters(text)
  return { sum: crcOf(parameters), bytes: parameters.width / 8, endian: parameters.refout ? 'little' : 'big' }
}

const defaults: CrcParameters = { width: 0, poly: 0, init: 0, refin: false, refout: false, xorout: 0 }

function readParameters(text: string): CrcParameters {
  const given = Object.fromEntries(
    text
      .trim()
      .split(/[\s,]+/)
      .map(parameterIn),
  )
  const parameters: CrcParameters = { ...defaults, ...given }
  const { width, poly, init, xorout } = parameters
  if (![8, 16, 24, 32].includes(width)) throw wrong(`expected a width of 8, 16, 24 or 32, got ${width}`)
  if (poly > 0 && Math.max(poly, init, xorout) < 2 ** width) return parameters
  throw wrong(`expected poly, init and xorout of at most ${width} bits, and a poly that is not 0`)
}

function parameterIn(word: string): [name: string, value: number | boolean] {
  const [, number, digits] = /^(width|poly|init|xorout)=(0x[0-9a-f]+|\d+)$/i.exec(word) ?? []
  if (number !== undefined) return [number.toLowerCase(), Number(digits)]
  const [, flag, value] = /^(refin|refout)=(true|false)$/i.exec(word) ?? []
  if (flag !== undefined) return [flag.toLowerCase(), value?.toLowerCase() === 'true']
  throw wrong(`expected width, poly, init and xorout with a number, refin and refout with true or false, got "${word}"`)
}

function wrong(what: string): AgentError {
  return new AgentError('FRAMING_CRC', `checksum: ${what}`)
}
