import { clientOptions, hostOptionsAt } from 'sluice/http-client'
import { choice, flag, map, secret, text } from 'sluice/plugin'

export const splunkOptions = {
  ...hostOptionsAt(8088),
  splunk_token: secret('Token of the collector.'),
  channel: text('Channel of the requests, which a collector that acknowledges wants to know.', {
    pattern: '^[0-9A-Fa-f-]{36}$',
    expects: 'a GUID such as 0b1ab5e5-5b9d-4e0c-8d1f-2f4f6a0d9a11',
  }),
  raw: flag('Sends lines to `/services/collector/raw`, where Splunk finds their times, instead of objects.', {
    default: false,
    aliases: ['splunk_send_raw'],
  }),
  event_key: text('Field that is sent as the event, such as `log`; otherwise all of the record is.', { filled: true }),
  event_host: text('Host of the events, or where they have it, such as `$host`.'),
  event_source: text('The same for their source.'),
  event_sourcetype: text('The same for their type.'),
  event_index: text('The same for their index.'),
  event_field: map('Fields to index beside the events, such as `bus: $bus`.', { default: {} }),
  compress: choice('Compression of the body.', ['gzip']),
  ...clientOptions,
} as const
