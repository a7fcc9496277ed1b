import { choice, defineFilter, duration, flag, integer, size, text } from 'sluice/plugin'
import { capture } from './capture.js'

export default defineFilter({
  summary: 'Passes what happened around a trigger, before it too, and holds all else back.',
  options: {
    when: text('Condition over fields that makes a trigger, such as `accel_ms2 < -6 and speed_kmh > 20`.', {
      required: true,
    }),
    trigger: choice(
      'Trigger when the condition comes true (`rising`), or with every event while it is (`level`).',
      ['rising', 'level'],
      { default: 'rising' },
    ),
    for: duration('How long the condition must have been true.', { default: '0s' }),
    before: duration('How long before a trigger events are passed from.', { default: '10s' }),
    after: duration('How long after a trigger events are passed to.', { default: '10s' }),
    cooldown: duration('How long after a trigger there is no other.', { default: '0s' }),
    key: text(
      'Field, besides the tag, that tells rings apart, so that rare events are not pushed out by frequent ones, such as `name`.',
    ),
    source_key: text(
      'Field that tells sources apart, such as `bus`, each of which has values, triggers and rings of its own; by default there is one.',
    ),
    ring_size: size('Most bytes of encoded events in one ring.', { default: '512KiB', minimum: 1024 }),
    max_rings: integer('Rings at once; for one more, that which was not used for longest goes.', {
      default: 64,
      minimum: 1,
      maximum: 100_000,
    }),
    mark: flag('Add `capture.id`, `capture.trigger` and `capture.offset_s` to what is passed around a trigger.', {
      default: true,
    }),
    keep: flag('Pass everything at once and only mark what comes from a trigger on.', { default: false }),
  },
  create: (options, context) => capture(options, context),
})
