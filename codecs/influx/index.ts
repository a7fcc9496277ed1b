import { choice, defineCodec, flag, list, text } from 'sluice/plugin'
import { influxFormatter } from './format.js'
import { parsePoints } from './parse.js'
import { unitOf } from './timestamps.js'

export default defineCodec({
  summary: 'Reads and writes the line protocol of InfluxDB: points with tags, fields and a time.',
  options: {
    precision: choice(
      'What a timestamp counts, in both directions: nanoseconds, microseconds, milliseconds or seconds; `n`, `u` and `µ` are short for the first two.',
      ['ns', 'us', 'ms', 's', 'n', 'u', 'µ'],
      { default: 'ns' },
    ),
    flat: flag('Tags and fields stand beside one another in the record, not in maps of their own.', { default: false }),
    measurement_key: text('Field of the record that holds the measurement.', { default: 'measurement', filled: true }),
    measurement: text('Measurement of records without that field when they are written, such as `can.$TAG[1]`.', {
      default: '$TAG',
      filled: true,
    }),
    tag_keys: list('Fields of a flat record that are written as tags.'),
    auto_tags: flag('All fields of a flat record that are text are written as tags.', { default: false }),
    sequence_tag: text(
      'Tag that numbers neighbours of one time, such as `_seq`: of points that are alike but for their fields InfluxDB keeps the last alone.',
    ),
    keep_types: flag(
      'Records that are not flat say in `types` which of their fields are integers; when written these are integers again.',
      { default: false },
    ),
  },
  create({ precision, flat, measurement_key: measurementKey, keep_types: keepTypes, ...written }) {
    const unit = unitOf(precision)
    const shape = { flat, measurementKey, keepTypes }
    return {
      framing: 'lines',
      parse: (frame) => parsePoints(frame, unit, shape),
      formatter: influxFormatter({
        unit,
        measurementKey,
        measurement: written.measurement,
        tagKeys: new Set(written.tag_keys),
        autoTags: written.auto_tags,
        sequenceTag: isOff(written.sequence_tag) ? undefined : written.sequence_tag,
      }),
    }
  },
})

/** Fluent Bit's `off`. */
function isOff(tag: string | undefined): boolean {
  return tag === undefined || /^(off|false)?$/i.test(tag)
}
