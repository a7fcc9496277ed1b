import { choice, defineCodec } from 'sluice/plugin'
import { parserOf } from './parse.js'

export default defineCodec({
  summary: 'Reads what OpenTelemetry exporters send over HTTP: logs, metrics and traces, as protobuf or JSON.',
  options: {
    signal: choice('What the body of a request holds.', ['logs', 'metrics', 'traces'], { default: 'logs' }),
    encoding: choice('How it is written.', ['protobuf', 'json'], { default: 'protobuf' }),
  },
  create: ({ signal, encoding }) => ({ framing: 'whole', parse: parserOf(signal, encoding) }),
})
