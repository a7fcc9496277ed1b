import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { namesIn, textOf } from 'sluice/host'
import { AgentError, messageOf } from 'sluice/plugin'
import { type IioNode, triggersIn } from './find-device.js'
import type { ScanElement } from './scan-elements.js'

export interface BufferSettings {
  readonly trigger: string | undefined
  readonly sampling_frequency: number | undefined
  readonly buffer_length: number
  readonly watermark: number
  readonly sysfs_path: string
}

/**
 * Makes a device measure into its buffer (the kernel's Documentation/iio/iio_devbuf.rst): what an agent that was killed may have left on
 * is switched off first. Throws an AgentError: `IIO_REFUSED`, `IIO_NO_TRIGGER`, `IIO_NO_FREQUENCY`.
 */
export function startBuffer(device: IioNode, elements: readonly ScanElement[], settings: BufferSettings): void {
  const { folder } = device
  put(`${folder}/buffer/enable`, 0)
  chooseChannels(`${folder}/scan_elements`, elements)
  const trigger = chooseTrigger(device, settings)
  if (settings.sampling_frequency !== undefined) setFrequency(device, trigger, settings.sampling_frequency)
  if (existsSync(`${folder}/current_timestamp_clock`)) put(`${folder}/current_timestamp_clock`, 'realtime')
  put(`${folder}/buffer/length`, settings.buffer_length)
  if (existsSync(`${folder}/buffer/watermark`)) put(`${folder}/buffer/watermark`, settings.watermark)
  put(`${folder}/buffer/enable`, 1)
}

export function stopBuffer({ folder }: IioNode): void {
  try {
    put(`${folder}/buffer/enable`, 0)
  } catch {
    // a device that is gone measures nothing
  }
}

function chooseChannels(folder: string, elements: readonly ScanElement[]): void {
  const wanted = new Set(elements.map(({ name }) => `in_${name}_en`))
  for (const file of namesIn(folder)) if (/^in_.+_en$/.test(file)) put(`${folder}/${file}`, wanted.has(file) ? 1 : 0)
}

/** The one that is asked for, else the one that the device has, else its own; devices with a memory of their own need none. */
function chooseTrigger(device: IioNode, { trigger, sysfs_path: sysfs }: BufferSettings): IioNode | undefined {
  const place = `${device.folder}/trigger/current_trigger`
  if (!existsSync(place)) return undefined
  const triggers = triggersIn(sysfs)
  const name = trigger ?? (textOf(place) || undefined)
  const found = triggers.find((each) => (name === undefined ? isOwn(each, device) : each.name === name))
  if (!found) throw noTrigger(device, name, triggers)
  put(place, found.name)
  return found
}

/** Drivers call the trigger of a device by its name, `-dev` and its number. */
function isOwn(trigger: IioNode, { name, file }: IioNode): boolean {
  return trigger.name === `${name}-dev${file.replace('iio:device', '')}`
}

/** Wherever it can be set: of the device, of its channels, of the trigger. */
function setFrequency({ folder, name }: IioNode, trigger: IioNode | undefined, hertz: number): void {
  const own = namesIn(folder).filter((file) => /^(in_.+_)?sampling_frequency$/.test(file))
  const places = own.map((file) => `${folder}/${file}`)
  if (trigger && existsSync(`${trigger.folder}/sampling_frequency`)) places.push(`${trigger.folder}/sampling_frequency`)
  for (const place of places) put(place, hertz)
  if (places.length > 0) return
  const message = `sampling_frequency: expected a device or trigger that has one, got "${name}"; leave it out`
  throw new AgentError('IIO_NO_FREQUENCY', message)
}

/** What is not there is not made. */
const writeOnly = constants.O_WRONLY | constants.O_TRUNC

function put(path: string, value: string | number): void {
  try {
    const attribute = openSync(path, writeOnly)
    try {
      writeSync(attribute, String(value))
    } finally {
      closeSync(attribute)
    }
  } catch (cause) {
    const message = `${path}: expected it to take "${value}", got "${messageOf(cause)}"; it is for root, and not every device takes it`
    throw new AgentError('IIO_REFUSED', message, { cause })
  }
}

function noTrigger({ name }: IioNode, wanted: string | undefined, triggers: readonly IioNode[]): AgentError {
  const expected = wanted === undefined ? 'a trigger' : `the trigger "${wanted}"`
  const got = triggers.map((each) => `"${each.name}"`).join(', ') || 'none'
  const advice = 'make one, such as /sys/kernel/config/iio/triggers/hrtimer/NAME, and name it in trigger'
  return new AgentError('IIO_NO_TRIGGER', `device "${name}": expected ${expected}, got ${got}; ${advice}`)
}
