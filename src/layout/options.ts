import { anything, choice, flag, integer, list, listOf, map, number, text } from '../plugin/options.js'
import { typePattern } from './types.js'

/** One field of a layout, as a file declares it. */
const fieldOptions = {
  name: text('Name of the field in the record; without one its bytes are stepped over.', { filled: true }),
  type: text('What the bytes are, such as `u8`, `i16le`, `f32be`, `ascii`.', {
    required: true,
    pattern: typePattern,
    expects: 'a type such as u8, i16le, u32cdab, f64be, bcd, bool, ascii, utf8, hex or bytes',
  }),
  at: integer('Its first byte, counted from 0; by default behind the field before.', {
    minimum: 0,
    maximum: 16_777_216,
  }),
  length: integer('Bytes of `bcd`, `ascii`, `utf8`, `hex` and `bytes`; by default to the end of the frame.', {
    minimum: 1,
    maximum: 16_777_216,
  }),
  bits: anything('Bits of an unsigned type, the lowest being 0: `3`, `4..6`, or a map of names to such.', {
    type: ['string', 'object'],
    additionalProperties: { type: ['string', 'integer'] },
  }),
  scale: number('What the number is multiplied with.'),
  offset: number('What is added then.'),
  unit: text('Unit of the value: for whoever reads the file, or for the name with `unit_suffix`.', { filled: true }),
  enum: map('Numbers and the texts that stand for them; other numbers stay as they are.'),
  null_when: list('Numbers that say that there is no value.'),
  when: text('When the field is there: `kind=1`, `kind!=2,3` or `flags&0x04`, where `kind` is a field before it.', {
    filled: true,
  }),
} as const

export const layoutOptions = {
  fields: listOf('The fields of a frame, one behind the other or each at its place.', fieldOptions, { required: true }),
  endian: choice('Byte order of types that state none.', ['big', 'little'], { default: 'big' }),
  allow_short: flag('A frame may end early, and has the fields that are whole; else it is refused.', {
    default: false,
  }),
  unit_suffix: flag('Put the unit behind the names of fields, as in `weight_kg`.', { default: false }),
} as const
