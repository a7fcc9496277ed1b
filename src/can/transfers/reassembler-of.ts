import { J1939Transport } from '../j1939/transport.js'
import { FastPackets } from '../nmea2000/fast-packet.js'
import { isFastPacket } from '../nmea2000/fast-packet-pgns.js'
import type { OnTransferFault, Reassembler } from './transfer.js'

export interface ReassemblerSettings {
  readonly protocol: 'j1939' | 'nmea2000'
  /** Counts what is wrong with transfers. */
  readonly onFault: OnTransferFault
  /** Further groups of NMEA 2000 that go as fast packets, such as those of more than 8 bytes in a DBC. */
  readonly fastPackets?: ReadonlySet<number>
}

/** What puts the messages of one bus together. NMEA 2000 has the transfers of J1939 too. */
export function reassemblerOf({ protocol, onFault, fastPackets }: ReassemblerSettings): Reassembler {
  const transport = new J1939Transport(onFault)
  if (protocol === 'j1939') return transport
  const isFast = (pgn: number): boolean => isFastPacket(pgn) || fastPackets?.has(pgn) === true
  const packets = new FastPackets(onFault, isFast)
  return {
    take(frame) {
      const whole = transport.take(frame)
      return whole === frame ? packets.take(frame) : whole
    },
  }
}
