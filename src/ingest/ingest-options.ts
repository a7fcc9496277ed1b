import { parsed } from '../plugin/common-options.js'
import { choice, duration, flag, list, map, text, type ValuesOf } from '../plugin/options.js'

/** Servers whose clients are understood. */
export const apis = ['influxdb', 'loki', 'otlp', 'prometheus', 'splunk', 'elasticsearch'] as const

/** How requests become events, whoever serves them. */
export const ingestOptions = {
  ...parsed,
  apis: list(
    `Endpoints of other servers that are served too, of ${apis.join(', ')}; the rest of the paths take events.`,
    { default: apis },
  ),
  tag_from_path: flag(
    'The path is the tag, as in Fluent Bit: events that are sent to `/app.log` have the tag `app.log`.',
    {
      default: true,
    },
  ),
  tag_header: text('Header that holds the tag.'),
  tag_key: text('Field of the record that holds the tag; it stays in the record.'),
  successful_response_code: choice('Status of answers that say yes.', ['200', '201', '204'], { default: '201' }),
  success_header: map('Headers of answers that say yes.'),
  add_remote_addr: flag('Put the address of the client into each record.', { default: false }),
  remote_addr_key: text('Field for the address of the client.', { default: 'REMOTE_ADDR' }),
  header_fields: list('Headers of the request to put into each record, each a field of its name in lower case.'),
  query_fields: flag('Put the parameters of the query into each record.', { default: false }),
  health_path: text('Path that answers GET and HEAD: with 200, or with 503 while there is no room for events.', {
    default: '/health',
    pattern: '^/',
    expects: 'a path such as /health',
  }),
  idempotency_window: duration('How long an `Idempotency-Key` is known again, so that a retry makes no second copy.', {
    default: '10m',
    minimum: 1000,
  }),
} as const

export type IngestOptions = ValuesOf<typeof ingestOptions>

/** With the tag of events that nothing else gives one. */
export type IngestSettings = IngestOptions & { readonly tag: string }
