import { aesCmac, encryptBlocks } from './aes.js'
import type { DataFrame } from './phy-payload.js'

/** Whether the MIC of a frame is right for this counter, all 32 bits of it (LoRaWAN 1.0.4, section 4.4). */
export function isAuthentic(frame: DataFrame, counter: number, networkKey: Uint8Array): boolean {
  const block = blockOf(0x49, frame, counter, frame.signed.length)
  return aesCmac(networkKey, Buffer.concat([block, frame.signed]))
    .subarray(0, 4)
    .equals(frame.mic)
}

/** The payload in the clear (LoRaWAN 1.0.4, section 4.3.3); encrypting it again is the same. */
export function decrypt(frame: DataFrame, counter: number, key: Uint8Array): Buffer {
  const count = Math.ceil(frame.payload.length / 16)
  const blocks = Array.from({ length: count }, (_, at) => blockOf(0x01, frame, counter, at + 1))
  const stream = encryptBlocks(key, Buffer.concat(blocks))
  return Buffer.from(frame.payload.map((byte, at) => byte ^ (stream[at] ?? 0)))
}

/** Kind, four zeros, direction, DevAddr (4), FCnt (4), zero, number: both the blocks A and B0 of the specification. */
function blockOf(kind: number, { isUplink, signed }: DataFrame, counter: number, number: number): Buffer {
  const block = Buffer.alloc(16)
  block[0] = kind
  block[5] = isUplink ? 0 : 1
  block.set(signed.subarray(1, 5), 6)
  block.writeUInt32LE(counter, 10)
  block[15] = number
  return block
}
