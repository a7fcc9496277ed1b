import { choice, duration, flag, integer, size, text, type ValuesOf } from '../plugin/options.js'

/** How frames are found, by what every frame has. */
export const framingTypes = [
  'line',
  'delimiter',
  'pattern',
  'fixed',
  'length_prefix',
  'slip',
  'cobs',
  'cobs_r',
  'start_stop',
  'idle',
] as const

export type FramingType = (typeof framingTypes)[number]

/** The options of inputs whose bytes come in frames that no format tells of. Written `framing: {type: slip, …}`. */
export const framingOptions = {
  'framing.type': choice('How the stream is cut into frames, instead of as the format has it.', framingTypes, {
    aliases: ['framing'],
  }),
  'framing.max_frame': size('Longest frame, what belongs to the framing left out; by default `buffer_size`.', {
    minimum: 1,
  }),
  'framing.idle': duration(
    'A pause that ends a frame; what is unfinished then is given up, or with `idle` is the frame.',
    {
      minimum: 1,
    },
  ),
  'framing.delimiter': text('`delimiter`: bytes that end a frame, as `\\r\\n`, `\\x03` or `0x0d0a`.', { filled: true }),
  'framing.pattern': text('`pattern`: regular expression of what ends a frame, at most 64 bytes.', { filled: true }),
  'framing.size': integer('`fixed`: bytes of a frame, all of them.', { minimum: 1, maximum: 16_777_216 }),
  'framing.offset': integer('`length_prefix`: where the length stands; by default behind `start`.', {
    minimum: 0,
    maximum: 1024,
  }),
  'framing.width': integer('`length_prefix`: bytes of the length; by default 2.', { minimum: 1, maximum: 8 }),
  'framing.endian': choice('`length_prefix`: byte order of the length; by default `big`.', ['big', 'little']),
  'framing.adjust': integer('`length_prefix`: what to add to the length for the bytes behind it; by default 0.', {
    minimum: -65_536,
    maximum: 65_536,
  }),
  'framing.keep_header': flag('`fixed`, `length_prefix`: leave `start`, and all up to the length, in the frame.'),
  'framing.start': text('`start_stop`, `fixed`, `length_prefix`: bytes that every frame begins with.', {
    filled: true,
  }),
  'framing.stop': text('`start_stop`, `fixed`, `length_prefix`: bytes that every frame ends with.', { filled: true }),
  'framing.escape': text('`start_stop`: the byte behind which one is data, whatever it is.', { filled: true }),
  'framing.escape_xor': integer('`start_stop`: bits that are turned over in escaped bytes; by default 0.', {
    minimum: 0,
    maximum: 255,
  }),
  'framing.encoding': choice(
    '`line`, `delimiter`, `pattern`, `start_stop`, `idle`: `hex` where the content is two digits a byte; by default `binary`.',
    ['binary', 'hex'],
  ),
  'framing.checksum': text('Checksum of a frame: `xor`, `sum8`, `CRC-16/MODBUS`, … or parameters of a CRC.', {
    filled: true,
  }),
  'framing.checksum_place': choice(
    'Whether the checksum stands before `stop` or behind it; by default `before_stop`.',
    ['before_stop', 'behind_stop'],
  ),
  'framing.checksum_endian': choice('Byte order of the checksum; by default as is usual for it.', ['big', 'little']),
  'framing.checksum_form': choice('Whether the checksum is bytes or hexadecimal digits; by default `binary`.', [
    'binary',
    'hex',
  ]),
  'framing.checksum_from': integer('First byte that the checksum is over; by default 0.', {
    minimum: 0,
    maximum: 1024,
  }),
  'framing.checksum_gap': integer('Bytes between what the checksum is over and itself; by default 0.', {
    minimum: 0,
    maximum: 1024,
  }),
} as const

export type FramingOptions = ValuesOf<typeof framingOptions>
