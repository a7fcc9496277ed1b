import { encode } from '@msgpack/msgpack'

/** What a server of the forward protocol answers: `{ack: chunk}`. */
export function ackOf(chunk: string): Uint8Array {
  return encode({ ack: chunk })
}
