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
    'Format of the body: `json` is an array, `json_lines` (or `json_stream`) one object a line, `msgpack` the events as `[time, record]`.',
    ['json', 'json_lines', 'json_stream', 'msgpack'],
    { default: 'msgpack' },
  ),
  ...dated,
  compress: choice('Compression of the body; zstd from Node.js 22.15 on.', compressions),
  header_tag: text('Header that holds the tag; each tag then goes out in a request of its own.'),
  ...clientOptions,
} as const
