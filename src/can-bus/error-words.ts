import type { CanFrame } from '../can/frame.js'
import type { BusState } from './can-bus.js'

type Words = readonly (readonly [bit: number, word: string])[]

/** Classes of error frames: bits of the identifier (Linux, include/uapi/linux/can/error.h). Those whose data say more are told by these. */
const classes: Words = [
  [0x001, 'transmit_timeout'],
  [0x002, 'lost_arbitration'],
  [0x020, 'no_acknowledgement'],
  [0x040, 'bus_off'],
  [0x080, 'bus_error'],
  [0x100, 'restarted'],
]

const controllerClass = 0x004
const protocolClass = 0x008
const transceiverClass = 0x010
const busOffClass = 0x040
const restartedClass = 0x100

/** Byte 1 of class 0x004. */
const controllerWords: Words = [
  [0x01, 'receive_overflow'],
  [0x02, 'transmit_overflow'],
  [0x04, 'receive_warning'],
  [0x08, 'transmit_warning'],
  [0x10, 'receive_passive'],
  [0x20, 'transmit_passive'],
  [0x40, 'error_active'],
]

/** Byte 2 of class 0x008. */
const protocolWords: Words = [
  [0x01, 'bit_error'],
  [0x02, 'form_error'],
  [0x04, 'stuff_error'],
  [0x08, 'dominant_bit_error'],
  [0x10, 'recessive_bit_error'],
  [0x20, 'bus_overload'],
  [0x40, 'active_error_announced'],
  [0x80, 'transmission_error'],
]

/** Byte 4 of class 0x010: the high bits are those of CAN high, the low ones those of CAN low. */
const wires: Words = [
  [0x04, 'can_high_no_wire'],
  [0x05, 'can_high_short_to_battery'],
  [0x06, 'can_high_short_to_supply'],
  [0x07, 'can_high_short_to_ground'],
  [0x40, 'can_low_no_wire'],
  [0x50, 'can_low_short_to_battery'],
  [0x60, 'can_low_short_to_supply'],
  [0x70, 'can_low_short_to_ground'],
  [0x80, 'can_low_short_to_can_high'],
]

/** What an error frame says, in words such as `bus_off` and `receive_passive`. */
export function errorWords({ id, data }: CanFrame): string[] {
  return [
    ...wordsOf(classes, id),
    ...detail(id & controllerClass, controllerWords, data[1], 'controller_problem'),
    ...detail(id & protocolClass, protocolWords, data[2], 'protocol_violation'),
    ...(id & transceiverClass ? wireWords(data[4] ?? 0) : []),
  ]
}

/** Which state of the bus an error frame tells of; undefined where it tells of none. */
export function stateOf({ id, data }: CanFrame): BusState | undefined {
  if (id & busOffClass) return 'bus_off'
  if (id & restartedClass) return 'active'
  const controller = id & controllerClass ? (data[1] ?? 0) : 0
  if (controller & 0x30) return 'passive'
  if (controller & 0x0c) return 'warning'
  return controller & 0x40 ? 'active' : undefined
}

function detail(isOf: number, words: Words, byte = 0, unspecified: string): string[] {
  if (!isOf) return []
  const found = wordsOf(words, byte)
  return found.length > 0 ? found : [unspecified]
}

function wordsOf(words: Words, bits: number): string[] {
  return words.filter(([bit]) => bits & bit).map(([, word]) => word)
}

function wireWords(byte: number): string[] {
  const found = wires.filter(([code]) => code === (byte & 0x0f) || code === (byte & 0xf0)).map(([, word]) => word)
  return found.length > 0 ? found : ['transceiver_problem']
}
