import { type IioMeasure, iioMeasure, namesIn, numberOf, textOf } from 'sluice/host'
import { AgentError } from 'sluice/plugin'
import { readFormat, type ScanFormat } from './scan-format.js'

/** A channel that a device can put into its buffer. */
export interface ScanElement {
  /** Such as `accel_x`; `timestamp` is the time. */
  readonly name: string
  /** Its place among the others. */
  readonly index: number
  readonly format: ScanFormat
  readonly measure: IioMeasure
}

export const timeName = 'timestamp'

/** The channels of a device in their order in a scan. Throws an AgentError: `IIO_NO_BUFFER`, `IIO_BAD_FORMAT`. */
export function scanElements(folder: string): ScanElement[] {
  const elements = `${folder}/scan_elements`
  const stems = namesIn(elements).flatMap((file) => /^(in_.+)_type$/.exec(file)?.[1] ?? [])
  const message = `${elements}: expected channels for a buffer, got none; read this device with the input "sensors"`
  if (stems.length === 0) throw new AgentError('IIO_NO_BUFFER', message)
  const found = stems.map((stem) => ({
    name: stem.slice('in_'.length),
    index: numberOf(`${elements}/${stem}_index`) ?? 0,
    format: readFormat(textOf(`${elements}/${stem}_type`) ?? ''),
    measure: iioMeasure(folder, stem),
  }))
  return found.sort((a, b) => a.index - b.index)
}

/** Those that are asked for, or all, and the time. Throws an AgentError `IIO_NO_CHANNEL`. */
export function chosenElements(elements: readonly ScanElement[], names: readonly string[]): ScanElement[] {
  const unknown = names.find((name) => !elements.some((element) => element.name === name))
  if (unknown !== undefined) {
    const known = elements.map(({ name }) => name).filter((name) => name !== timeName)
    throw new AgentError('IIO_NO_CHANNEL', `channels: expected some of ${known.join(', ')}, got "${unknown}"`)
  }
  return elements.filter(({ name }) => names.length === 0 || name === timeName || names.includes(name))
}
