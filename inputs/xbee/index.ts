import { defineInput, integer, list, parsed, size, text } from 'sluice/plugin'
import { serialOptions } from 'sluice/serial'
import { xbeeInput } from './xbee-input.js'

export default defineInput({
  summary: 'Takes what XBee radios receive: data, samples of pins and sensors, and what they say of themselves.',
  options: {
    ...serialOptions,
    baud_rate: integer('Bits per second, as the parameter `BD` of the module says.', {
      default: 9600,
      minimum: 50,
      maximum: 20_000_000,
      aliases: ['bitrate', 'baudrate'],
    }),
    api_mode: integer('The parameter `AP` of the module: 1 for API frames, 2 for API frames with escapes.', {
      default: 1,
      minimum: 1,
      maximum: 2,
    }),
    ...parsed,
    frames: list(
      'What is taken, of `data`, `samples`, `sensors`, `node_identification`, `modem_status` and `remote_at`; by default all.',
    ),
    max_frame: size('Longest frame; longer ones are dropped.', { default: '2KiB', minimum: 64, maximum: 65_535 }),
    source_address_key: text('Field that the 64-bit address of the sender is put in, or else its 16-bit address.', {
      default: 'src_addr',
      filled: true,
    }),
  },
  full: 'wait',
  create: (options, context) => xbeeInput(options, context),
})
