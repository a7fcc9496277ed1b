import { fixed32 } from '../protobuf/index.js'

/** A number of 32 bits with a fraction, which is written as its bits are. */
export const float: typeof fixed32 = {
  ...fixed32,
  name: 'a number',
  read: (reader) => {
    const bits = Buffer.allocUnsafe(4)
    bits.writeUInt32BE(fixed32.read(reader))
    return bits.readFloatBE()
  },
  write: (writer, value) => {
    const bits = Buffer.allocUnsafe(4)
    bits.writeFloatBE(value)
    fixed32.write(writer, bits.readUInt32BE())
  },
}
