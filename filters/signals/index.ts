import { labelStyles } from 'sluice/can'
import { choice, defineFilter, files, flag, text } from 'sluice/plugin'
import { decodeEvents } from './decode-events.js'

export default defineFilter({
  summary: 'Decodes the signals of CAN frames in records that came by any way, such as MQTT or HTTP.',
  options: {
    dbc: files('DBC files of all buses, or a map of buses, in which `*` may stand, to theirs.', { required: true }),
    mode: choice('Tell the signals alone, or the frame as it came too.', ['signals', 'both'], { default: 'signals' }),
    records: choice('One record for each frame, or for each signal.', ['frame', 'signal'], { default: 'frame' }),
    labels: choice('Values that the DBC file has a text for: as a number, as that text, or both.', labelStyles, {
      default: 'number',
    }),
    units: flag('Tell the units of signals.', { default: false }),
    j1939: flag('Messages of 29 bits are those of J1939; by default as the DBC file says.'),
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
