import { AgentError } from '../../base/agent-error.js'

/** What patterns are compared with: a frame as its bus and its DBC files know it. */
export interface FrameIdentity {
  readonly bus: string
  readonly id: number
  readonly extended: boolean
  /** Undefined where no DBC file knows the frame. */
  readonly message: string | undefined
}

export type FramePattern = (frame: FrameIdentity) => boolean

/** Identifiers of 11 bits end here (ISO 11898-1:2015, 10.4.2.2); those beyond have 29. */
export const lastStandard = 0x7ff
export const lastExtended = 0x1fff_ffff

/** Identifiers that follow each other, of 11 bits or extended to 29. */
export interface IdRange {
  readonly least: number
  readonly most: number
  readonly extended: boolean
}

/** An identifier as can-utils write it: with eight digits it is of 29 bits, however small. */
const idForm = /^0x([0-9a-f]{1,8})(?:-0x([0-9a-f]{1,8}))?$/i

/** A name of a DBC file, with `*` and `?`: numbers alone would be identifiers that nobody knows the base of. */
const nameForm = /^(?!\d+$|0x)[\w*?]+$/i

/**
 * A pattern of frames: `0x123`, `0x18FE0000-0x18FEFFFF` or `Engine*`, each with the pattern of a bus before it, as in `can1:0x123`.
 * `option` is where it stands. Throws an AgentError `CAN_PATTERN`.
 */
export function compileFramePattern(text: string, option: string): FramePattern {
  const { bus, rest } = splitBus(text)
  const matches = idPattern(rest) ?? namePattern(rest)
  if (!matches || bus === '') {
    const expected = 'expected an id such as 0x123, a range such as 0x100-0x1ff or the name of a message'
    throw new AgentError('CAN_PATTERN', `${option}: ${expected}, with a bus as in can0:0x123, got "${text}"`)
  }
  if (bus === undefined) return matches
  const isBus = compileWildcard(bus)
  return (frame) => isBus(frame.bus) && matches(frame)
}

/** What stands before the last colon: no id and no name has one. */
export function splitBus(text: string): { readonly bus: string | undefined; readonly rest: string } {
  const colon = text.lastIndexOf(':')
  return colon < 0 ? { bus: undefined, rest: text } : { bus: text.slice(0, colon), rest: text.slice(colon + 1) }
}

/** A text with `*` for any characters and `?` for one. */
export function compileWildcard(text: string): (name: string) => boolean {
  if (!/[*?]/.test(text)) return (name) => name === text
  const source = text
    .replaceAll(/[^\w*?]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const pattern = new RegExp(`^${source}$`, 's')
  return (name) => pattern.test(name)
}

/** What a pattern of frames says of one bus; undefined where it is of others. */
export function patternFor(text: string, name: string): string | undefined {
  const { bus, rest } = splitBus(text)
  return bus === undefined || compileWildcard(bus)(name) ? rest : undefined
}

/** The identifiers that are meant by `0x123` and `0x100-0x1ff`; undefined for a name. */
export function idRange(text: string): IdRange | undefined {
  const [, from, to = from] = idForm.exec(text) ?? []
  if (from === undefined || to === undefined) return undefined
  const least = Number.parseInt(from, 16)
  const most = Number.parseInt(to, 16)
  if (least > most || most > lastExtended) return undefined
  return { least, most, extended: to.length === 8 || most > lastStandard }
}

function idPattern(text: string): FramePattern | undefined {
  const range = idRange(text)
  if (!range) return undefined
  const { least, most, extended } = range
  return (frame) => frame.extended === extended && frame.id >= least && frame.id <= most
}

function namePattern(text: string): FramePattern | undefined {
  if (!nameForm.test(text)) return undefined
  const isNamed = compileWildcard(text)
  return text === '*' ? () => true : ({ message }) => message !== undefined && isNamed(message)
}
