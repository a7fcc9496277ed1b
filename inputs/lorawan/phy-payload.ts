/** A LoRaWAN frame, as far as it is in the clear. */
export type PhyPayload = DataFrame | JoinRequest | OtherFrame

export interface DataFrame {
  readonly kind: 'data'
  readonly message: string
  readonly isUplink: boolean
  /** As eight hex digits, as networks write it. */
  readonly devAddr: string
  readonly control: number
  /** The low 16 bits of the counter, which are all that is sent. */
  readonly counter: number
  /** Commands of the MAC layer. */
  readonly options: Buffer
  readonly port: number | undefined
  readonly payload: Buffer
  readonly mic: Buffer
  /** All that the MIC is over. */
  readonly signed: Buffer
}

export interface JoinRequest {
  readonly kind: 'join_request'
  readonly message: string
  readonly joinEui: string
  readonly devEui: string
  readonly devNonce: number
  readonly mic: Buffer
}

export interface OtherFrame {
  readonly kind: 'other'
  readonly message: string
}

/** LoRaWAN 1.0.4, table 3, by MType. */
const messages = [
  'join_request',
  'join_accept',
  'unconfirmed_data_up',
  'unconfirmed_data_down',
  'confirmed_data_up',
  'confirmed_data_down',
  'rejoin_request',
  'proprietary',
] as const

const micBytes = 4
const joinRequestBytes = 23

/** LoRaWAN 1.0.4, section 4. Undefined where the bytes are no frame of major version 1. */
export function readPhyPayload(bytes: Buffer): PhyPayload | undefined {
  const head = bytes[0]
  if (head === undefined) return undefined
  const message = messages[head >> 5] ?? 'proprietary'
  if (message === 'proprietary') return { kind: 'other', message }
  if ((head & 0x03) !== 0) return undefined
  if (message === 'join_request') return readJoinRequest(bytes)
  return message.includes('_data_') ? readData(bytes, message) : { kind: 'other', message }
}

/** MHDR, JoinEUI (8), DevEUI (8), DevNonce (2), MIC; numbers have their low byte first. */
function readJoinRequest(bytes: Buffer): JoinRequest | undefined {
  if (bytes.length !== joinRequestBytes) return undefined
  return {
    kind: 'join_request',
    message: 'join_request',
    joinEui: reversedHex(bytes.subarray(1, 9)),
    devEui: reversedHex(bytes.subarray(9, 17)),
    devNonce: bytes.readUInt16LE(17),
    mic: bytes.subarray(-micBytes),
  }
}

/** MHDR, DevAddr (4), FCtrl, FCnt (2), FOpts (the low four bits of FCtrl say how many), FPort and FRMPayload, MIC. */
function readData(bytes: Buffer, message: string): DataFrame | undefined {
  const end = bytes.length - micBytes
  if (end < 8) return undefined
  const control = bytes.readUInt8(5)
  const bodyAt = 8 + (control & 0x0f)
  if (bodyAt > end) return undefined
  const hasPort = bodyAt < end
  return {
    kind: 'data',
    message,
    isUplink: message.endsWith('_up'),
    devAddr: reversedHex(bytes.subarray(1, 5)),
    control,
    counter: bytes.readUInt16LE(6),
    options: bytes.subarray(8, bodyAt),
    port: hasPort ? bytes.readUInt8(bodyAt) : undefined,
    payload: bytes.subarray(hasPort ? bodyAt + 1 : end, end),
    mic: bytes.subarray(end),
    signed: bytes.subarray(0, end),
  }
}

function reversedHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.toReversed()).toString('hex')
}
