import type { Clock } from '../../src/base/clock.js'
import { type CanFrame, copyFrame, emptyFrame } from '../../src/can/frame.js'
import { normalAddress, normalFixedAddress } from '../../src/can/isotp/address.js'
import { IsoTpLink } from '../../src/can/isotp/link.js'
import { bytesOf, hexOf } from './can-frames.js'

/** What an ECU says to a request, both in hexadecimal; several messages one after the other where it takes long. */
export type Answers = { readonly [request: string]: string | readonly string[] }

/** A car's engine control unit: 1726 rpm, 50 km/h, 70 °C, one stored code. */
export const engine: Answers = {
  '0100': '4100981A8013',
  '0101': '410181076504',
  '0104': '410499',
  '0105': '41056E',
  '010C': '410C1AF8',
  '010D': '410D32',
  '010F': '410F41',
  '0111': '411180',
  '0120': '412000000001',
  '0140': '414040000000',
  '0142': '41423138',
  '011C': '411C06',
  '020200': '4202000143',
  '020C00': '420C001388',
  '03': '43010143',
  '07': '4700',
  '0A': '4A010143',
  '0900': '490054400000',
  '0902': '4902015730303030303030303030303030303030',
  '0904': '4904014A4D422A333030303030303030303030',
  '0906': '49060112345678',
  '090A': '490A0145434D00456E67696E65436F6E74726F6C0000',
}

/** A bus in memory: whoever is on it hears what all others say, one frame after the other. */
export class MemoryBus {
  readonly #ears = new Set<(frame: CanFrame) => void>()
  /** Nobody is heard while it is off. */
  isOff = false
  /** Requests and all else that was sent: identifier and data. */
  readonly sent: string[] = []

  join(hear: (frame: CanFrame) => void): { send: (frame: CanFrame) => Promise<void>; leave: () => void } {
    this.#ears.add(hear)
    const send = async (frame: CanFrame): Promise<void> => {
      if (this.isOff) throw new Error('the bus is off')
      const copy = emptyFrame()
      copyFrame(frame, copy)
      this.sent.push(`${copy.id.toString(16).toUpperCase()}#${hexOf(copy.data.subarray(0, copy.length))}`)
      for (const ear of this.#ears) if (ear !== hear) ear(copy)
    }
    return { send, leave: () => void this.#ears.delete(hear) }
  }
}

export interface EcuSettings {
  readonly bus: MemoryBus
  readonly clock: Clock
  readonly answers: Answers
  /** 0 is the engine: it answers from 7E8, or from 18DAF110. */
  readonly number: number
  readonly extended?: boolean
}

/** Puts an ECU on a bus that answers as it is told, and says nothing to all else. */
export function addEcu({ bus, clock, answers, number, extended = false }: EcuSettings): void {
  const address = extended
    ? normalFixedAddress({ source: 0x10 + number, target: 0xf1 })
    : normalAddress({ transmitId: 0x7e8 + number, receiveId: 0x7e0 + number, extended })
  const functional = extended ? 0x18db33f1 : 0x7df
  const link = new IsoTpLink({
    address,
    clock,
    write: (frame) => seat.send(frame),
    onMessage: (request) => void answer(request),
    onFault: () => undefined,
  })
  const seat = bus.join((frame) => {
    const id = frame.id === functional ? address.receive.id : frame.id
    link.take({ ...frame, id })
  })
  async function answer(request: Uint8Array): Promise<void> {
    const said = answers[hexOf(request)] ?? []
    for (const message of typeof said === 'string' ? [said] : said) await link.send(bytesOf(message))
  }
}
