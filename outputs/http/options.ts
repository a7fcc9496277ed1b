import { hostForm, tlsOptions } from 'sluice/net'
import { choice, dated, duration, flag, integer, map, secret, text } from 'sluice/plugin'

export const httpOptions = {
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server; by default 80, or 443 with TLS.', { minimum: 1, maximum: 65535 }),
  uri: text('Path of the request, with its query.', {
    default: '/',
    // Undici refuses every other character.
    pattern: String.raw`^[\x21-\xff]*$`,
    expects: 'a path with its blanks written as %20',
  }),
  http_method: choice('Method of the request.', ['POST', 'PUT'], { default: 'POST' }),
  format: choice(
    'Format of the body: `json` is an array, `json_lines` (or `json_stream`) one object a line, `msgpack` the events as `[time, record]`.',
    ['json', 'json_lines', 'json_stream', 'msgpack'],
    { default: 'msgpack' },
  ),
  ...dated,
  compress: choice('Compression of the body.', ['gzip']),
  header: map('Further headers: a map, or a list of `Name value`.', { default: {}, aliases: ['headers'] }),
  header_tag: text('Header that holds the tag; each tag then goes out in a request of its own.'),
  http_user: text('User for basic authentication.'),
  http_passwd: secret('Password for basic authentication.'),
  bearer_token: secret('Token sent as `Authorization: Bearer`.'),
  'http.response_timeout': duration('Longest silence of the server, once the request is sent, and within its answer.', {
    default: '30s',
    minimum: 10,
  }),
  'net.connect_timeout': duration('Longest that connecting may take, TLS included.', { default: '10s', minimum: 10 }),
  'net.keepalive': flag('Use a connection for several requests.', { default: true }),
  'net.keepalive_idle_timeout': duration('Close a connection that was idle so long.', { default: '30s', minimum: 10 }),
  ...tlsOptions,
} as const
