import { clientOptions, hostOptionsAt, uriForm } from 'sluice/http-client'
import { list, map, text } from 'sluice/plugin'

export const remoteWriteOptions = {
  ...hostOptionsAt(9090),
  uri: text('Path of the request, with its query.', { default: '/api/v1/write', ...uriForm }),
  metric: text(
    'Name of a metric but for its end, which is the field: `host.cpu` and `user_p` give `host_cpu_user_p`.',
    { default: '$TAG', filled: true },
  ),
  labels: map('Labels of the samples, each with its value or where an event has it, such as `interface: $name`.', {
    default: {},
    aliases: ['add_label'],
  }),
  fields: list('Fields that are written; all that are numbers, true or false unless given.'),
  ...clientOptions,
} as const
