import { clientOptions, compressions, hostOptions, uriForm } from 'sluice/http-client'
import { choice, dated, text } from 'sluice/plugin'

export const httpOptions = {
  ...hostOptions,
  uri: text('Path of the request, with its query; accessors such as `$TAG` and `$device` are filled in.', {
    default: '/',
    ...uriForm,
  }),
  http_method: choice('Method of the request.', ['POST', 'PUT'], { default: 'POST' }),
  format: choice(
    'Format of the body: `json` is an array, `json_lines` (or `json_stream`) one object a line, `msgpack` the events as `[time, record]`, `gelf` one message of Graylog a line.',
    ['json', 'json_lines', 'json_stream', 'msgpack', 'gelf'],
    { default: 'msgpack' },
  ),
  ...dated,
  gelf_short_message_key: text('With `gelf`, the field that is the short message; by default one that looks like it.'),
  gelf_host_key: text('With `gelf`, the field that is the host.', { default: 'host', filled: true }),
  compress: choice('Compression of the body; zstd from Node.js 22.15 on.', compressions),
  header_tag: text('Header that holds the tag; each tag then goes out in a request of its own.'),
  ...clientOptions,
} as const
