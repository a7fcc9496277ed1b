import { defineCodec, flag } from 'sluice/plugin'
import { parseEvents } from './events.js'
import { parseRaw } from './raw.js'

export default defineCodec({
  summary: 'Reads what clients send to the HTTP Event Collector of Splunk: events as JSON objects, or raw lines.',
  options: {
    raw: flag('Every line is an event, as at `/services/collector/raw`; otherwise events are JSON objects.', {
      default: false,
    }),
  },
  create: ({ raw }) => (raw ? { framing: 'lines', parse: parseRaw } : { framing: 'json', parse: parseEvents }),
})
