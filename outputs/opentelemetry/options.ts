import { clientOptions, hostOptionsAt, uriForm } from 'sluice/http-client'
import { choice, list, map, text } from 'sluice/plugin'

export const opentelemetryOptions = {
  ...hostOptionsAt(4318),
  signal: choice('What events are sent as.', ['logs', 'metrics'], { default: 'logs' }),
  encoding: choice('How they are written.', ['protobuf', 'json'], { default: 'protobuf' }),
  logs_uri: text('Path for logs.', { default: '/v1/logs', ...uriForm }),
  metrics_uri: text('Path for metrics.', { default: '/v1/metrics', ...uriForm }),
  resource_attributes: map(
    'Attributes of the resource, each with its value or where an event has it, such as `service.name: gateway`.',
    { default: {} },
  ),
  body_key: text('Field that is the body of a log, all others are attributes; otherwise the record is the body.', {
    filled: true,
    aliases: ['logs_body_key'],
  }),
  severity_key: text('Field whose word, such as `warning`, is the severity of a log.', {
    filled: true,
    aliases: ['logs_severity_text_message_key'],
  }),
  metric: text(
    'Name of a metric but for its end, which is the field: `host.cpu` and `user_p` give `host.cpu.user_p`.',
    {
      default: '$TAG',
      filled: true,
    },
  ),
  labels: map('Attributes of data points, as `resource_attributes` has it.', {
    default: {},
    aliases: ['add_label'],
  }),
  fields: list('Fields that are metrics; all that are numbers, true or false unless given.'),
  compress: choice('Compression of the body.', ['gzip']),
  ...clientOptions,
} as const
