import { closeSync, openSync, readdirSync } from 'node:fs'
import type { Libc } from 'sluice/libc'
import { AgentError, messageOf } from 'sluice/plugin'
import type { LineSettings } from './line-settings.js'
import { type ChipInfo, chipInfo, lineInfo } from './uapi.js'

/** A line that is there. */
export interface FoundLine {
  /** Descriptor of its chip, to be closed. */
  readonly chip: number
  /** What its driver calls the chip. */
  readonly label: string
  readonly offset: number
  /** The empty text where it has none. */
  readonly name: string
}

/** Looks over all chips below a folder. Throws an AgentError: `GPIO_NO_LINE`, `GPIO_AMBIGUOUS_LINE`. */
export function findLine(libc: Libc, folder: string, settings: LineSettings): FoundLine {
  const refused: string[] = []
  const found: FoundLine[] = []
  for (const path of chipPaths(folder)) {
    try {
      found.push(...linesOn(libc, path, settings))
    } catch (error) {
      refused.push(messageOf(error))
    }
  }
  const [first, ...others] = found
  for (const { chip } of first && others.length === 0 ? [] : found) closeSync(chip)
  if (first === undefined) throw noLine(settings, folder, refused)
  if (others.length > 0) throw ambiguous(settings, found)
  return first
}

/** In the order of their numbers. */
function chipPaths(folder: string): string[] {
  const numbers = readdirSync(folder).flatMap((name) => /^gpiochip(\d+)$/.exec(name)?.[1] ?? [])
  return numbers.sort((a, b) => Number(a) - Number(b)).map((number) => `${folder}/gpiochip${number}`)
}

/** The line where this chip has it; the descriptor is closed where it has not. */
function linesOn(libc: Libc, path: string, settings: LineSettings): FoundLine[] {
  const chip = openSync(path, 'r+')
  let kept = false
  try {
    const info = chipInfo(libc, chip)
    const offset = isMeant(info, path, settings.chip) ? offsetOf(libc, chip, info, settings) : undefined
    if (offset === undefined) return []
    const found = { chip, label: info.label || info.name, offset, name: lineInfo(libc, chip, offset).name }
    kept = true
    return [found]
  } finally {
    if (!kept) closeSync(chip)
  }
}

function isMeant({ name, label }: ChipInfo, path: string, chip: string | undefined): boolean {
  return chip === undefined || [name, label, path].includes(chip)
}

/** A number is the place on a chip that is named, else it is a name as any other. */
function offsetOf(libc: Libc, chip: number, { lines }: ChipInfo, settings: LineSettings): number | undefined {
  const offset = settings.chip !== undefined && /^\d+$/.test(settings.line) ? Number(settings.line) : undefined
  if (offset !== undefined) return offset < lines ? offset : undefined
  const offsets = Array.from({ length: lines }, (_none, index) => index)
  return offsets.find((index) => lineInfo(libc, chip, index).name === settings.line)
}

function noLine({ line, chip }: LineSettings, folder: string, refused: readonly string[]): AgentError {
  const where = chip === undefined ? `some chip of ${folder}` : `the chip "${chip}"`
  const got = refused.length > 0 ? `none among those that open: ${refused.join('; ')}` : 'none'
  const advice = 'gpioinfo, of the Debian package gpiod, lists what there is'
  return new AgentError('GPIO_NO_LINE', `line "${line}": expected it on ${where}, got ${got}; ${advice}`)
}

function ambiguous({ line }: LineSettings, found: readonly FoundLine[]): AgentError {
  const chips = found.map(({ label }) => `"${label}"`).join(', ')
  const message = `line "${line}": expected one, got one on each of ${chips}; name its chip`
  return new AgentError('GPIO_AMBIGUOUS_LINE', message)
}
