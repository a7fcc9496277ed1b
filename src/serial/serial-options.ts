import { choice, duration, flag, integer, text, type ValuesOf } from '../plugin/options.js'

/** The options of every plugin that talks over a serial line. */
export const serialOptions = {
  path: text('The device, such as `/dev/ttyUSB0`, or better one of `/dev/serial/by-id`, which stay the same.', {
    aliases: ['file'],
    filled: true,
  }),
  usb_vendor: text('Instead of `path`: vendor of the USB adapter, as four hex digits in quotes, such as `"0403"`.', {
    pattern: '^[0-9a-fA-F]{4}$',
    expects: 'four hex digits in quotes, such as "0403"',
  }),
  usb_product: text('Product of the USB adapter, as four hex digits in quotes, such as `"6001"`.', {
    pattern: '^[0-9a-fA-F]{4}$',
    expects: 'four hex digits in quotes, such as "6001"',
  }),
  usb_serial: text('Serial number of the USB adapter.', { filled: true }),
  usb_interface: integer('Which of the lines of an adapter that has several; the first is 0.', {
    minimum: 0,
    maximum: 255,
  }),
  baud_rate: integer('Bits per second.', { default: 9600, minimum: 50, maximum: 20_000_000, aliases: ['bitrate'] }),
  data_bits: integer('Data bits of a character.', { default: 8, minimum: 5, maximum: 8 }),
  parity: choice('Parity bit of a character.', ['none', 'even', 'odd', 'mark', 'space'], { default: 'none' }),
  stop_bits: integer('Stop bits of a character.', { default: 1, minimum: 1, maximum: 2 }),
  flow_control: choice(
    'How either side makes the other wait: not at all, by RTS and CTS, or by XON and XOFF.',
    ['none', 'hardware', 'software'],
    { default: 'none' },
  ),
  dtr: flag('Sets the line DTR when the device is opened; by default it is on.'),
  rts: flag('Sets the line RTS when the device is opened; by default it is on.'),
  rs485: choice(
    'Has the driver of an RS-485 port switch RTS: on while it sends, or off while it sends.',
    ['off', 'rts_on_send', 'rts_after_send'],
    { default: 'off' },
  ),
  rs485_delay: duration('Time between a switch of RTS and what is sent.', { default: '0s', maximum: 100 }),
  hang_up: flag('Drop DTR and RTS when the device is closed; off keeps boards from a reset that take it for one.', {
    default: true,
  }),
  exclusive: flag('Lock the device, so that no two programs read from it.', { default: true }),
  backend: choice(
    'What opens the device: `stty` and Node, or the package `serialport`; see the page on serial lines.',
    ['auto', 'serialport', 'tty'],
    { default: 'auto' },
  ),
  write_timeout: duration('Longest that a device may take to accept what is sent.', { default: '5s', minimum: 10 }),
  reconnect_interval: duration('How often a device is looked for that is not there.', { default: '1s', minimum: 10 }),
  start_behavior: choice(
    'When the device is not there at the start: wait for it, fail, or do without this plugin.',
    ['retry', 'fail', 'ignore'],
    { default: 'retry' },
  ),
} as const

export type SerialSettings = ValuesOf<typeof serialOptions>
