import { defineOutput } from 'sluice/plugin'
import { createOpentelemetry } from './create.js'
import { opentelemetryOptions } from './options.js'

export default defineOutput({
  summary: 'Sends events as logs or metrics to an OpenTelemetry collector, or to whatever else takes OTLP over HTTP.',
  options: opentelemetryOptions,
  unsupported: {
    grpc: 'collectors take OTLP over HTTP at port 4318',
    traces_uri: 'traces are not sent',
    profiles_uri: 'profiles are not sent',
    logs_body_key_attributes: 'with body_key all other fields are attributes',
    logs_severity_number_message_key: 'name the field with the word of the severity in severity_key',
    'aws_*': 'use header, bearer_token or oauth2',
  },
  ignored: {
    'grpc=off': '',
    'grpc=false': '',
    log_response_payload: 'the beginning of an answer is part of every error',
  },
  codecs: () => ['otlp'],
  create: createOpentelemetry,
})
