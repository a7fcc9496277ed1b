import { signalOptions } from 'sluice/can'
import { choice, defineFilter, files, text } from 'sluice/plugin'
import { decodeEvents } from './decode-events.js'

export default defineFilter({
  summary: 'Decodes the signals of CAN frames in records that came by any way, such as MQTT or HTTP.',
  options: {
    dbc: files('DBC files of all buses, or a map of buses, in which `*` may stand, to theirs.', { required: true }),
    mode: choice('Tell the signals alone, or the frame as it came too.', ['signals', 'both'], { default: 'signals' }),
    ...signalOptions,
    bus_key: text('Field of the bus; where there is none the bus has no name.', { default: 'bus', filled: true }),
    id_key: text('Field of the identifier: a number, or hexadecimal text.', { default: 'id', filled: true }),
    extended_key: text('Field that says whether the identifier has 29 bits; without it, large ones have.', {
      default: 'extended',
      filled: true,
    }),
    data_key: text('Field of the data: text, bytes or a list of numbers.', { default: 'data', filled: true }),
    encoding: choice('What data is that is a text.', ['hex', 'base64'], { default: 'hex' }),
  },
  create: (options, context) => decodeEvents(options, context),
})
