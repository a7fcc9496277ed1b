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
    tag_keys: list('Fields of a flat record that are written as tags.'),
    keep_types: flag(
      'Records that are not flat say in `types` which of their fields are integers; when written these are integers again.',
      { default: false },
    ),
  },
  create({ precision, flat, measurement_key: measurementKey, tag_keys: tagKeys = [], keep_types: keepTypes }) {
    const unit = unitOf(precision)
    const shape = { flat, measurementKey, keepTypes }
    return {
      framing: 'lines',
      parse: (frame) => parsePoints(frame, unit, shape),
      formatter: influxFormatter({ unit, measurementKey, tagKeys: new Set(tagKeys) }),
    }
  },
})
