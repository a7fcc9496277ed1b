import { clientOptions, hostOptionsAt } from 'sluice/http-client'
import { choice, flag, secret, text } from 'sluice/plugin'

export const esOptions = {
  ...hostOptionsAt(9200),
  path: text('Path before `/_bulk`, where the server is behind another one.', {
    default: '',
    pattern: String.raw`^[\x21-\x7e]*$`,
    expects: 'a path such as /search',
  }),
  index: text('Index or data stream, with dates (UTC) and what events have, such as `logs-$TAG[0]-%Y.%m.%d`.', {
    default: 'fluent-bit',
    filled: true,
  }),
  logstash_format: flag('Makes the index of `logstash_prefix` and the date of the event, instead of `index`.', {
    default: false,
  }),
  logstash_prefix: text('What such an index begins with.', { default: 'logstash', filled: true }),
  logstash_prefix_separator: text('What stands before its date.', { default: '-' }),
  logstash_dateformat: text('How its date is written.', { default: '%Y.%m.%d', filled: true }),
  write_operation: choice('Action of every document; a data stream takes `create` alone.', ['create', 'index'], {
    default: 'create',
  }),
  id_key: text('Field that holds the id of the document.', { filled: true }),
  generate_id: flag('Gives a document without an id one of its content, so that no retry makes another of it.', {
    default: true,
  }),
  include_tag_key: flag('Adds the tag to documents.', { default: false }),
  tag_key: text('Field for the tag.', { default: 'flb-key', filled: true }),
  pipeline: text('Ingest pipeline that documents go through.', { filled: true }),
  http_api_key: secret('API key, instead of a user and a password.'),
  compress: choice('Compression of the body.', ['gzip']),
  ...clientOptions,
} as const
