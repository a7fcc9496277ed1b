import {
  all,
  bool,
  bytes,
  double,
  each,
  fixed32,
  fixed64,
  hex,
  int32,
  int64,
  message,
  one,
  sfixed64,
  sint32,
  sint64,
  string,
  uint32,
  uint64,
} from '../../src/protobuf/index.js'

export const point = message('Point', { x: one(1, sint32), y: one(2, double) })

/** Every kind of field; the last has a number whose tag takes two bytes. */
export const shape = message('Shape', {
  name: one(1, string),
  origin: one(2, () => point),
  corners: all(3, () => point),
  weights: all(4, double),
  counts: all(5, uint64),
  each: each(6, () => point),
  tags: all(700, string),
})

/** Every type of a single value. */
export const numbers = message('Numbers', {
  bool: one(1, bool),
  int32: one(2, int32),
  sint32: one(3, sint32),
  uint32: one(4, uint32),
  int64: one(5, int64),
  sint64: one(6, sint64),
  uint64: one(7, uint64),
  fixed32: one(8, fixed32),
  fixed64: one(9, fixed64),
  sfixed64: one(10, sfixed64),
  double: one(11, double),
  bytes: one(12, bytes),
  hex: one(13, hex),
  string: one(14, string),
  list: all(15, sint64),
})
