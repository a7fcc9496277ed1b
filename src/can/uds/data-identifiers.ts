import { AgentError } from '../../base/agent-error.js'

/** ReadDataByIdentifier (ISO 14229-1:2020, 11.2). */
const service = 0x22

/** Identifiers that every maker uses alike (ISO 14229-1:2020, annex C.1). */
export const dataIdentifier = {
  sparePartNumber: 0xf187,
  softwareNumber: 0xf188,
  serialNumber: 0xf18c,
  vin: 0xf190,
  hardwareNumber: 0xf191,
} as const

export function dataRequest(identifier: number): Uint8Array {
  return Uint8Array.of(service, identifier >> 8, identifier & 0xff)
}

/** Data behind `62 IDENTIFIER IDENTIFIER`. Throws an AgentError, `CAN_UDS_MALFORMED`, where it is of another one. */
export function readData(answer: Uint8Array, identifier: number): Uint8Array {
  const isRight = answer[0] === service + 0x40 && answer[1] === identifier >> 8 && answer[2] === (identifier & 0xff)
  if (isRight) return answer.subarray(3)
  const expected = identifier.toString(16).toUpperCase().padStart(4, '0')
  throw new AgentError('CAN_UDS_MALFORMED', `uds: expected the data of ${expected}, got that of another identifier`)
}
