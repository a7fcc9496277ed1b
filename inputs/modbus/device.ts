import { type Block, planReads } from 'sluice/modbus'
import { AgentError } from 'sluice/plugin'
import { compileField, type ValuePlace } from './value-place.js'
import type { DeviceOptions, ModbusOptions } from './options.js'

/** A device as it is asked: how, how often, and for what. */
export interface Device {
  readonly name: string
  readonly unit: number
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly retries: number
  readonly blocks: readonly Block<ValuePlace>[]
}

export type ReadingSettings = Pick<
  ModbusOptions,
  'devices' | 'interval' | 'timeout' | 'retries' | 'max_gap' | 'max_registers' | 'max_bits' | 'unit_suffix'
>

/** Throws an AgentError that names the device, and the field, where a declaration makes no sense. */
export function compileDevices(settings: ReadingSettings): Device[] {
  if (settings.devices.length === 0) throw new AgentError('MODBUS_DEVICES', 'devices: expected at least one')
  refuseTwice(settings.devices, 'devices')
  return settings.devices.map((device) => compileDevice(device, settings))
}

function compileDevice(device: DeviceOptions, settings: ReadingSettings): Device {
  const where = `device "${device.name}"`
  if (device.fields.length === 0) throw new AgentError('MODBUS_DEVICES', `${where}: fields: expected at least one`)
  refuseTwice(device.fields, `${where}: fields`)
  const { max_registers: registers, max_bits: bits, max_gap: gap } = settings
  const places = device.fields.map((field) => compileField(where, field, device.order, settings))
  return {
    name: device.name,
    unit: device.unit_id,
    intervalMs: device.interval ?? settings.interval,
    timeoutMs: device.timeout ?? settings.timeout,
    retries: device.retries ?? settings.retries,
    blocks: planReads(places, { registers, bits, gap }),
  }
}

function refuseTwice(all: readonly { readonly name: string }[], where: string): void {
  const names = new Set<string>()
  for (const { name } of all) {
    if (names.has(name)) throw new AgentError('MODBUS_TWICE', `${where}: expected each name once, got "${name}" twice`)
    names.add(name)
  }
}
