import { createCipheriv } from 'node:crypto'

const blockBytes = 16

/** AES-128 of whole blocks, each by itself. */
export function encryptBlocks(key: Uint8Array, blocks: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()])
}

/** The message authentication code of AES (RFC 4493, section 2.4), all 16 bytes of it. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Buffer {
  const first = doubled(encryptBlocks(key, new Uint8Array(blockBytes)))
  const isWhole = message.length > 0 && message.length % blockBytes === 0
  const padded = Buffer.alloc(Math.max(1, Math.ceil(message.length / blockBytes)) * blockBytes)
  padded.set(message)
  if (!isWhole) padded[message.length] = 0x80
  const subkey = isWhole ? first : doubled(first)
  const lastAt = padded.length - blockBytes
  for (const [at, byte] of subkey.entries()) padded[lastAt + at] = (padded[lastAt + at] ?? 0) ^ byte
  const cipher = createCipheriv('aes-128-cbc', key, new Uint8Array(blockBytes)).setAutoPadding(false)
  return Buffer.concat([cipher.update(padded), cipher.final()]).subarray(lastAt)
}

/** Times x in GF(2^128): the subkeys of RFC 4493, section 2.3. */
function doubled(block: Buffer): Buffer {
  const shifted = Buffer.alloc(blockBytes)
  for (const [at, byte] of block.entries()) shifted[at] = ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff
  if (((block[0] ?? 0) & 0x80) !== 0) shifted[blockBytes - 1] = (shifted[blockBytes - 1] ?? 0) ^ 0x87
  return shifted
}
