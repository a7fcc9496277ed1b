import { defineOutput } from 'sluice/plugin'
import { createSplunk } from './create.js'
import { splunkOptions } from './options.js'

export default defineOutput({
  summary: 'Sends events to the HTTP Event Collector of Splunk, or to another server that speaks it.',
  options: splunkOptions,
  unsupported: {
    event_sourcetype_key: 'name the field in event_sourcetype, as in `$kind`',
    event_index_key: 'name the field in event_index, as in `$index`',
    'aws_*': 'use splunk_token',
  },
  ignored: {
    http_buffer_size: 'the beginning of an answer is part of every error',
    http_debug_bad_request: 'the beginning of an answer is part of every error',
  },
  codecs: () => ['splunk_hec'],
  create: createSplunk,
})
