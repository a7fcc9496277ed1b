/**
 * The identifier of a J1939 frame (SAE J1939-21, 5.2):
 *
 *     28 26   25    24   23      16 15      8 7      0
 *     prio   EDP    DP   PDU format PDU spec. source
 *
 * A PDU format below 240 (PDU1) goes to one address, which stands in the PDU specific; from 240 on (PDU2) that is part of the
 * parameter group number, and the message is for all.
 */
export interface J1939Id {
  /** 0 is the most urgent, 7 the least. */
  readonly priority: number
  /** Parameter group number, 18 bits; that of a PDU1 message ends with a zero byte. */
  readonly pgn: number
  readonly source: number
  /** 255 for all. */
  readonly destination: number
}

/** The address of all (J1939-21, 5.2.6). */
export const globalAddress = 255

/** The address of who could not claim one (J1939-81, 4.2.2.3). */
export const nullAddress = 254

/** First PDU format of messages for all. */
const firstPdu2 = 240

function isPdu1(id: number): boolean {
  return ((id >>> 16) & 0xff) < firstPdu2
}

/** The parameter group number of an identifier of 29 bits. */
export function pgnOf(id: number): number {
  return (id >>> 8) & (isPdu1(id) ? 0x3ff00 : 0x3ffff)
}

export function sourceOf(id: number): number {
  return id & 0xff
}

export function destinationOf(id: number): number {
  return isPdu1(id) ? (id >>> 8) & 0xff : globalAddress
}

export function priorityOf(id: number): number {
  return (id >>> 26) & 7
}

export function readJ1939Id(id: number): J1939Id {
  return { priority: priorityOf(id), pgn: pgnOf(id), source: sourceOf(id), destination: destinationOf(id) }
}

/** The identifier with these parts; the destination of a PDU2 message has no place in it. */
export function j1939Id({ priority, pgn, source, destination }: J1939Id): number {
  const id = ((priority & 7) << 26) | ((pgn & 0x3ffff) << 8) | (source & 0xff)
  return isPdu1(id) ? (id & ~0xff00) | ((destination & 0xff) << 8) : id
}
