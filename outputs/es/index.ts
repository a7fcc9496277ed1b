import { defineOutput } from 'sluice/plugin'
import { createEs } from './create.js'
import { esOptions } from './options.js'

export default defineOutput({
  summary: 'Indexes events in Elasticsearch, OpenSearch or another server that takes bulk requests.',
  options: esOptions,
  unsupported: {
    cloud_id: 'write host, port and `tls: on`',
    cloud_auth: 'use http_user and http_passwd',
    logstash_prefix_key: 'name the field in logstash_prefix, as in `$app`',
    time_key: 'the time is `@timestamp`; rename it with an ingest pipeline',
    time_key_format: 'the time is written in ISO 8601, which every mapping of dates reads',
    replace_dots: 'rename fields with the filter modify',
    current_time_index: 'the date of an index is that of the event',
    'write_operation=update': 'give documents an id with id_key, and use `write_operation: index`',
    'write_operation=upsert': 'give documents an id with id_key, and use `write_operation: index`',
    'aws_*': 'use http_user and http_passwd',
  },
  ignored: {
    'time_key=@timestamp': '',
    'aws_auth=off': '',
    'aws_auth=false': '',
    'replace_dots=off': '',
    'replace_dots=false': '',
    type: 'no server since Elasticsearch 7 has types',
    suppress_type_name: 'types are never written',
    time_key_nanos: 'times are written to the nanosecond where they have them',
    buffer_size: 'answers are read as far as they tell of events',
    trace_output: 'use the output stdout',
    trace_error: 'every refusal is told with its reason',
  },
  codecs: () => ['elasticsearch_bulk'],
  create: createEs,
})
