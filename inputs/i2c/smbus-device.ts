import { type Libc, littleEndian, wordSize } from 'sluice/libc'
import { AgentError } from 'sluice/plugin'
import type { I2cDevice } from './bus.js'

/** linux/i2c-dev.h and linux/i2c.h. */
const I2C_SMBUS = 0x0720
const I2C_SMBUS_WRITE = 0
const I2C_SMBUS_READ = 1
const kinds = { byte: 1, byteData: 2, wordData: 3, block: 8 }

/** `union i2c_smbus_data`: a block has its length before it. */
const dataSize = 34
const longestBlock = 32

/** Where the pointer is in `struct i2c_smbus_ioctl_data`: u8 direction, u8 command, u32 kind, a pointer. */
const pointerAt = 8

interface Access {
  readonly direction: number
  readonly command: number
  readonly kind: number
  readonly data: Uint8Array<ArrayBuffer>
}

/** A device behind a controller that speaks SMBus only: one byte names a register, at most 32 bytes follow. */
export function smbusDevice(libc: Libc, descriptor: number): I2cDevice {
  // Answers what the kernel is pointed to, which so outlives the call.
  const access = (what: Access): Uint8Array => {
    const request = new Uint8Array(pointerAt + wordSize)
    const view = new DataView(request.buffer)
    view.setUint8(0, what.direction)
    view.setUint8(1, what.command)
    view.setUint32(4, what.kind, littleEndian)
    if (wordSize === 8) view.setBigUint64(pointerAt, libc.addressOf(what.data.buffer), littleEndian)
    else view.setUint32(pointerAt, Number(libc.addressOf(what.data.buffer)), littleEndian)
    libc.ioctl(descriptor, I2C_SMBUS, request)
    return what.data
  }
  return {
    write(bytes) {
      const [command = 0, ...rest] = bytes
      const data = new Uint8Array(dataSize)
      const kind = rest.length === 0 ? kinds.byte : kindOf(rest.length)
      data.set(kind === kinds.block ? [rest.length, ...rest] : inOrder(rest))
      access({ direction: I2C_SMBUS_WRITE, command, kind, data })
    },
    read(register, length) {
      if (register === undefined) throw new AgentError('I2C_NEEDS_REGISTER', noRegister)
      return Buffer.concat(pieces(length).map(([at, size]) => readPiece(access, register + at, size)))
    },
    close: () => libc.close(descriptor),
  }
}

const noRegister = 'protocol: expected i2c for a device that is read without a register, got smbus'

function readPiece(access: (what: Access) => Uint8Array, command: number, size: number): Uint8Array {
  const kind = kindOf(size)
  const asked = new Uint8Array(dataSize)
  asked[0] = size
  const data = access({ direction: I2C_SMBUS_READ, command, kind, data: asked })
  return kind === kinds.block ? data.subarray(1, 1 + size) : Uint8Array.from(inOrder([...data.subarray(0, size)]))
}

/** The kernel hands over a word as a number of this machine; on the wire its low byte comes first (SMBus 2.0, 5.5.5). */
function inOrder(bytes: readonly number[]): number[] {
  return littleEndian ? [...bytes] : bytes.toReversed()
}

function kindOf(length: number): number {
  if (length > 2) return kinds.block
  return length === 2 ? kinds.wordData : kinds.byteData
}

function pieces(length: number): [at: number, size: number][] {
  const count = Math.ceil(length / longestBlock)
  return Array.from({ length: count }, (_none, index) => {
    const at = index * longestBlock
    return [at, Math.min(longestBlock, length - at)]
  })
}
