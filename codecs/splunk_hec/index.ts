import { defineCodec, flag, map, text } from 'sluice/plugin'
import { parseEvents } from './events.js'
import { hecFormatter, rawFormatter } from './format.js'
import { parseRaw } from './raw.js'

export default defineCodec({
  summary: 'Reads and writes what the HTTP Event Collector of Splunk takes: events as JSON objects, or raw lines.',
  options: {
    raw: flag('Every line is an event, as at `/services/collector/raw`; otherwise events are JSON objects.', {
      default: false,
      aliases: ['splunk_send_raw'],
    }),
    event_key: text('Field that is written as the event, such as `log`; otherwise all of the record is.', {
      filled: true,
    }),
    event_host: text('Host of every event that is written, or where the record has it, such as `$host`.'),
    event_source: text('The same for its source.'),
    event_sourcetype: text('The same for its type.'),
    event_index: text('The same for its index.'),
    event_field: map('Fields to index beside every event that is written, such as `bus: $bus`.', { default: {} }),
  },
  create({ raw, event_key: eventKey, event_field: fields, ...given }) {
    if (raw) return { framing: 'lines', parse: parseRaw, formatter: rawFormatter(eventKey) }
    const { event_host: host, event_source: source, event_sourcetype: sourcetype, event_index: index } = given
    const formatter = hecFormatter({ eventKey, metadata: { host, source, sourcetype, index }, fields })
    return { framing: 'json', parse: parseEvents, formatter }
  },
})
