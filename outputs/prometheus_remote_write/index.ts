import { defineOutput } from 'sluice/plugin'
import { createRemoteWrite } from './create.js'
import { remoteWriteOptions } from './options.js'

export default defineOutput({
  summary: 'Writes the numbers of events as samples to Prometheus, or to another server that takes remote write.',
  options: remoteWriteOptions,
  unsupported: {
    'compression=gzip': 'remote write is compressed with Snappy',
    'compression=zstd': 'remote write is compressed with Snappy',
    'aws_*': 'use http_user and http_passwd, or bearer_token',
  },
  ignored: {
    'compression=snappy': '',
    'aws_auth=off': '',
    'aws_auth=false': '',
    log_response_payload: 'the beginning of an answer is part of every error',
  },
  codecs: () => ['prometheus_remote_write'],
  create: createRemoteWrite,
})
