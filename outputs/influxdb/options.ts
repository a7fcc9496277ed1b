import { clientOptions, hostOptionsAt, uriForm } from 'sluice/http-client'
import { choice, flag, list, secret, text } from 'sluice/plugin'

export const influxdbOptions = {
  ...hostOptionsAt(8086),
  database: text('Database to write to (version 1).', { default: 'fluentbit', filled: true }),
  retention_policy: text('Retention policy of the database, instead of its default (version 1).', { filled: true }),
  bucket: text('Bucket to write to (version 2), instead of a database.', { filled: true }),
  org: text('Organisation of the bucket.', { default: 'fluent', filled: true }),
  http_token: secret('Token of version 2.'),
  uri: text('Path of the request, with its query, where it is another one.', uriForm),
  measurement_key: text('Field that holds the measurement; without it the tag is the measurement.', {
    default: 'measurement',
    filled: true,
  }),
  tag_keys: list('Fields that are tags; the others are fields of the point.', { default: [] }),
  auto_tags: flag('All fields that are text are tags.', { default: false }),
  sequence_tag: text('Tag that numbers neighbours of one time, such as `_seq`, so that none replaces another.', {
    filled: true,
  }),
  precision: choice('What times are cut to.', ['ns', 'us', 'ms', 's'], { default: 'ns' }),
  compress: choice('Compression of the body.', ['gzip']),
  ...clientOptions,
} as const
