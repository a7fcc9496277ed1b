import { choice, defineCodec, type Formatter, list, map, text, type ValuesOf } from 'sluice/plugin'
import { logsFormatter, metricsFormatter } from './format.js'
import { parserOf } from './parse.js'

const options = {
  signal: choice('What the body of a request holds; traces are only read.', ['logs', 'metrics', 'traces'], {
    default: 'logs',
  }),
  encoding: choice('How it is written.', ['protobuf', 'json'], { default: 'protobuf' }),
  resource_attributes: map(
    'Attributes of the resource of records that have none when they are written, such as `service.name: gateway` or `host.name: $host`.',
    { default: {} },
  ),
  body_key: text(
    'Field that is written as the body of a log, all others as attributes; otherwise the whole record is the body.',
    { filled: true, aliases: ['logs_body_key'] },
  ),
  severity_key: text('Field whose word, such as `warning`, is the severity of a log that is written.', {
    filled: true,
    aliases: ['logs_severity_text_message_key'],
  }),
  metric: text(
    'Name of a metric that is written but for its end, which is the field: `host.cpu` and `user_p` give `host.cpu.user_p`.',
    { default: '$TAG', filled: true },
  ),
  labels: map('Attributes of data points, each with its value or where an event has it, such as `interface: $name`.', {
    default: {},
    aliases: ['add_label'],
  }),
  fields: list('Fields that are written as metrics; all that are numbers, true or false unless given.'),
}

export default defineCodec({
  summary:
    'Reads and writes what OpenTelemetry exporters send over HTTP: logs and metrics, as protobuf or JSON; traces are read.',
  options,
  create(given) {
    const codec = { framing: 'whole', parse: parserOf(given.signal, given.encoding) } as const
    const formatter = formatterOf(given)
    return formatter ? { ...codec, formatter } : codec
  },
})

function formatterOf(given: ValuesOf<typeof options>): Formatter | undefined {
  const { signal, encoding, resource_attributes: resource } = given
  switch (signal) {
    case 'logs':
      return logsFormatter(encoding, {
        bodyKey: given.body_key,
        severityKey: given.severity_key,
        resource,
      })
    case 'metrics':
      return metricsFormatter(encoding, { ...given, resource })
    case 'traces':
      return undefined
  }
}
