import { iioMeasure, iioUnit, textOf } from 'sluice/host'
import type { Channel } from '../device.js'

/** The inputs of a device of the industrial I/O framework: processed readings as they are, raw ones with their offset and scale. */
export function iioChannels(folder: string, files: readonly string[]): Channel[] {
  return files.flatMap((file) => {
    const [, stem, form] = /^(in_.+)_(raw|input)$/.exec(file) ?? []
    if (stem === undefined || (form === 'raw' && files.includes(`${stem}_input`))) return []
    const measure = form === 'input' ? iioUnit(stem) : iioMeasure(folder, stem)
    const name = textOf(`${folder}/${stem}_label`) ?? stem.slice('in_'.length)
    return [{ name, ...measure, file, form: 'number' as const }]
  })
}
