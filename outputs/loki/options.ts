import { clientOptions, hostOptionsAt, uriForm } from 'sluice/http-client'
import { choice, flag, list, map, text } from 'sluice/plugin'

export const lokiOptions = {
  ...hostOptionsAt(3100),
  uri: text('Path of the request, with its query.', { default: '/loki/api/v1/push', ...uriForm }),
  tenant_id: text('Tenant that the lines are of (`X-Scope-OrgID`), or where events have it, such as `$tenant`.', {
    filled: true,
  }),
  labels: map('Labels, each with its value or where an event has it, such as `bus: $bus`.', { default: {} }),
  label_keys: list('Fields that are labels of the same names, and not in the line.', { default: [] }),
  structured_metadata: map('Structured metadata of the lines, as `labels` has it.', { default: {} }),
  remove_keys: list('Further fields that are not in the line.', { default: [] }),
  line_format: choice('How the fields of a record are written as a line.', ['json', 'key_value'], { default: 'json' }),
  drop_single_key: flag('Where one field is left for the line, the line is its value.', { default: false }),
  encoding: choice('What a push is written as; protocol buffers are compressed with Snappy.', ['json', 'protobuf'], {
    default: 'json',
  }),
  compress: choice('Compression of a push in JSON.', ['gzip']),
  ...clientOptions,
} as const
