import { defineInput, duration, flag, integer, record } from 'sluice/plugin'
import { dummyInput } from './dummy-input.js'

export default defineInput({
  summary: 'Makes the same event over and over, at any rate, to try a pipeline out.',
  options: {
    dummy: record('The record.', { default: { message: 'dummy' } }),
    rate: integer('Times a second that events are made.', { default: 1, minimum: 1, maximum: 10_000_000 }),
    interval: duration('Time between two times, instead of `rate`.', { minimum: 1 }),
    copies: integer('Events each time.', { default: 1, minimum: 1, maximum: 1_000_000 }),
    samples: integer('Times in all, after which the input is done; 0 for no end.', { default: 0, minimum: 0 }),
    start_time_sec: integer('Time of the first event in seconds since 1970, instead of now.', {
      minimum: 0,
      maximum: 0xffff_ffff,
    }),
    start_time_nsec: integer('Nanoseconds of that time.', { minimum: 0, maximum: 999_999_999 }),
    fixed_timestamp: flag('Every event has the time of the first.', { default: false }),
    flush_on_startup: flag('Make the first events at once and not after the first interval.', { default: true }),
  },
  ignored: { 'metadata={}': '', 'start_time_sec=-1': '', 'start_time_nsec=-1': '' },
  unsupported: { metadata: 'put what is needed into the record' },
  full: 'wait',
  create: (options, context) => dummyInput(options, context),
})
