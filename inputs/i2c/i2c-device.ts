import { type Libc, littleEndian, wordSize } from 'sluice/libc'
import type { I2cDevice } from './bus.js'

/** linux/i2c-dev.h and linux/i2c.h. */
const I2C_RDWR = 0x0707
const I2C_M_RD = 0x0001

/** `struct i2c_msg`: u16 address, u16 flags, u16 length, a pointer. */
const messageSize = 8 + wordSize

interface Message {
  readonly flags: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A device that is spoken to in plain I2C: a register is written and read in one transaction, with a repeated start between. */
export function plainDevice(libc: Libc, descriptor: number, address: number): I2cDevice {
  // Answers what the kernel is pointed to, which so outlives the call.
  const transfer = (messages: readonly Message[]): readonly unknown[] => {
    const list = messageList(libc, address, messages)
    const request = new Uint8Array(2 * wordSize)
    setWord(new DataView(request.buffer), 0, libc.addressOf(list))
    new DataView(request.buffer).setUint32(wordSize, messages.length, littleEndian)
    libc.ioctl(descriptor, I2C_RDWR, request)
    return [list, messages]
  }
  return {
    write: (bytes) => void transfer([{ flags: 0, bytes: new Uint8Array(bytes) }]),
    read(register, length) {
      const answer = new Uint8Array(length)
      const ask = register === undefined ? [] : [{ flags: 0, bytes: Uint8Array.of(register) }]
      transfer([...ask, { flags: I2C_M_RD, bytes: answer }])
      return answer
    },
    close: () => libc.close(descriptor),
  }
}

function messageList(libc: Libc, address: number, messages: readonly Message[]): ArrayBuffer {
  const list = new ArrayBuffer(messages.length * messageSize)
  const view = new DataView(list)
  for (const [index, { flags, bytes }] of messages.entries()) {
    const at = index * messageSize
    view.setUint16(at, address, littleEndian)
    view.setUint16(at + 2, flags, littleEndian)
    view.setUint16(at + 4, bytes.length, littleEndian)
    setWord(view, at + 8, libc.addressOf(bytes.buffer))
  }
  return list
}

function setWord(view: DataView, at: number, value: bigint): void {
  if (wordSize === 8) view.setBigUint64(at, value, littleEndian)
  else view.setUint32(at, Number(value), littleEndian)
}
