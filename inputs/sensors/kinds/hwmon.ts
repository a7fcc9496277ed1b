import { textOf } from 'sluice/host'
import type { Channel } from '../device.js'

/** Units by type of channel (the kernel's Documentation/hwmon/sysfs-interface.rst), and what the kernel counts in one of them. */
const types: { readonly [type: string]: readonly [unit: string | undefined, divisor: number] } = {
  temp: ['°C', 1e3],
  in: ['V', 1e3],
  fan: ['rpm', 1],
  curr: ['A', 1e3],
  power: ['W', 1e6],
  energy: ['J', 1e6],
  humidity: ['%', 1e3],
  freq: ['Hz', 1],
  pwm: [undefined, 1],
}

const patterns = [/^((temp|in|fan|curr|power|energy|humidity|freq)\d+)_(input|average)$/, /^((pwm)\d+)$/] as const

/** The readings of a monitoring chip; a mean of power serves where there is no reading of it. */
export function hwmonChannels(folder: string, files: readonly string[]): Channel[] {
  const taken = new Set<string>()
  return files.flatMap((file) => {
    const [, stem = '', type = '', form] = patterns.map((pattern) => pattern.exec(file)).find(Boolean) ?? []
    const known = types[type]
    if (!known || (form === 'average' && files.includes(`${stem}_input`))) return []
    const [unit, divisor] = known
    return [{ name: nameOf(folder, stem, taken), unit, file, form: 'number' as const, divisor }]
  })
}

/** The label, unless there is none or another channel has it. */
function nameOf(folder: string, stem: string, taken: Set<string>): string {
  const label = textOf(`${folder}/${stem}_label`) ?? ''
  const name = label === '' || taken.has(label) ? stem : label
  taken.add(name)
  return name
}
