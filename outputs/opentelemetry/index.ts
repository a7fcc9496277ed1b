import { defineOutput } from 'sluice/plugin'
import { createOpentelemetry } from './create.js'
import { opentelemetryOptions } from './options.js'

/** Where Fluent Bit looks in a record for parts of a log. */
const ofRecords = [
  'logs_span_id_message_key',
  'logs_trace_id_message_key',
  'logs_attributes_message_key',
  'logs_instrumentation_scope_metadata_key',
  'logs_resource_metadata_key',
]

export default defineOutput({
  summary: 'Sends events as logs or metrics to an OpenTelemetry collector, or to whatever else takes OTLP over HTTP.',
  options: opentelemetryOptions,
  unsupported: {
    grpc: 'collectors take OTLP over HTTP at port 4318',
    traces_uri: 'traces are not sent',
    profiles_uri: 'profiles are not sent',
    logs_body_key_attributes: 'with body_key all other fields are attributes',
    logs_severity_number_message_key: 'name the field with the word of the severity in severity_key',
    ...Object.fromEntries(
      ofRecords.map((name) => [name, 'all fields but those of body_key and severity_key are attributes']),
    ),
    logs_metadata_key: 'events have no metadata of OpenTelemetry besides their fields',
    'aws_*': 'use header, bearer_token or oauth2',
  },
  ignored: {
    'aws_auth=off': '',
    'aws_auth=false': '',
    'grpc=off': '',
    'grpc=false': '',
    batch_size: '`max_batch_bytes` bounds a request',
    max_resources: 'all events of a request have the same resource',
    log_response_payload: 'the beginning of an answer is part of every error',
  },
  codecs: () => ['otlp'],
  create: createOpentelemetry,
})
