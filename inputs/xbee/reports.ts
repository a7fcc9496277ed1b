import type { EventRecord } from 'sluice/plugin'
import type { FrameReader } from './frame-reader.js'

/** Digi, "Modem Status - 0x8A". */
const modemStates: { readonly [code: number]: string } = {
  0x00: 'hardware_reset',
  0x01: 'watchdog_reset',
  0x02: 'joined',
  0x03: 'disassociated',
  0x06: 'coordinator_started',
  0x07: 'key_updated',
  0x0b: 'woke_up',
  0x0c: 'sleeping',
  0x0d: 'overvoltage',
  0x0e: 'key_established',
  0x11: 'changed_while_joining',
}

/** Digi, "Remote AT Command Response - 0x97". */
const commandStates = ['ok', 'error', 'invalid_command', 'invalid_parameter', 'transmission_failed']

const deviceTypes = ['coordinator', 'router', 'end_device']

export function modemStatus(reader: FrameReader): EventRecord {
  const code = reader.u8()
  return { frame: 'modem_status', status: modemStates[code] ?? code }
}

/** Digi, "XBee Sensor Read Indicator - 0x94": which sensors there are, four words of A/D converters, a word of a thermometer. */
export function sensorReadings(reader: FrameReader): EventRecord {
  const sensors = reader.u8()
  const [AD0, AD1, AD2, AD3] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()]
  const temperature = reader.u16()
  return {
    frame: 'sensors',
    ...((sensors & 0x01) === 0 ? {} : { AD0, AD1, AD2, AD3 }),
    ...((sensors & 0x02) === 0 || temperature === 0xffff ? {} : { temperature: celsiusOf(temperature) }),
    ...((sensors & 0x60) === 0x60 ? { water: true } : {}),
  }
}

/** Sixteenths of a degree; from 0x0800 on the low eleven bits are how far it is below zero. */
function celsiusOf(word: number): number {
  return word < 0x0800 ? word / 16 : -(word & 0x07ff) / 16
}

/** Digi, "Node Identification Indicator - 0x95": the node may be another than whoever sent this. */
export function nodeIdentification(reader: FrameReader): EventRecord {
  const addr16 = reader.hex(2)
  const addr = reader.hex(8)
  const name = reader.cString().trim()
  const parent = reader.hex(2)
  const type = reader.u8()
  const event = reader.u8()
  const profile = reader.u16()
  const manufacturer = reader.u16()
  const node = { node_addr: addr, node_addr16: addr16, node: name, parent_addr16: parent }
  const device = { device_type: deviceTypes[type] ?? type, event, profile, manufacturer }
  return { frame: 'node_identification', ...node, ...device, ...optionals(reader) }
}

/** The parameter `NO` adds the device type identifier, signal strength, or both. */
function optionals(reader: FrameReader): EventRecord {
  const hasIdentifier = reader.left >= 4
  const identifier = hasIdentifier ? { device_id: reader.hex(4) } : {}
  return reader.left > 0 ? { ...identifier, rssi: -reader.u8() } : identifier
}

export function remoteAnswer(reader: FrameReader): EventRecord {
  const command = reader.ascii(2)
  const code = reader.u8()
  const status = commandStates[code & 0x0f] ?? code
  return { frame: 'remote_at', command, status, ...(reader.left > 0 ? { value: new Uint8Array(reader.rest()) } : {}) }
}
