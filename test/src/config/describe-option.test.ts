import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultText, typeText } from '../../../src/config/describe-option.js'
import {
  anything,
  choice,
  duration,
  files,
  flag,
  integer,
  list,
  listOf,
  map,
  number,
  record,
  type Schema,
  secret,
  size,
  text,
} from '../../../src/plugin/options.js'

const types: readonly [Schema, string][] = [
  [text('Any.'), 'text'],
  [text('One.', { refers: 'parser' }), 'name of a parser'],
  [secret('Hidden.'), 'text, kept secret'],
  [choice('Few.', ['wait']), 'wait'],
  [choice('Few.', ['wait', 'drop_oldest', 'drop_newest']), 'wait, drop_oldest or drop_newest'],
  [integer('Count.', { minimum: 1, maximum: 64 }), 'integer, at least 1, at most 64'],
  [number('Share.', { minimum: 0 }), 'number, at least 0'],
  [flag('Whether.'), 'on or off'],
  [duration('Long.', { minimum: 10, maximum: 3_600_000 }), 'duration, at least 10ms, at most 1h'],
  [size('Big.', { minimum: 1024 }), 'size, at least 1KiB'],
  [list('Many.'), 'list'],
  [text('One.', { file: true }), 'file'],
  [files('Some.'), 'file, list or map of files'],
  [listOf('Sets.', {}), 'list'],
  [map('Named.'), 'map'],
  [record('Whole.'), 'record'],
  [anything('Other.', { type: ['object', 'array'] }), 'map or list'],
  [anything('Other.', {}), 'anything'],
]

const defaults: readonly [Schema, string][] = [
  [text('Any.'), ''],
  [text('Any.', { required: true }), 'required'],
  [text('Any.', { default: 'date' }), 'date'],
  [duration('Long.', { default: '1s' }), '1s'],
  [integer('Count.', { default: 0 }), '0'],
  [flag('Whether.', { default: false }), 'false'],
  [list('Many.', { default: ['a', 'b'] }), '["a","b"]'],
  [secret('Hidden.', { default: 'changeme' }), ''],
]

test('an option says what it takes', () => {
  for (const [option, expected] of types) assert.equal(typeText(option), expected)
})

test('an option says what holds without it, unless that is a secret', () => {
  for (const [option, expected] of defaults) assert.equal(defaultText(option), expected)
})
