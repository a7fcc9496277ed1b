import { choice, duration, flag, integer, secret, text } from '../plugin/options.js'

/** What `service` says of the HTTP server that tells of the agent. */
export const adminOptions = {
  http_server: flag('Serve metrics, health and what flows over HTTP.', { default: false }),
  http_listen: text(
    'Address that it listens on, or `unix:/PATH`. Beyond loopback it takes a token or certificates of clients as well.',
    { default: '127.0.0.1', filled: true },
  ),
  http_port: integer('Port that it listens on; 0 for any free one.', { default: 2020, minimum: 0, maximum: 65_535 }),
  'admin.token': secret('Token that every request must bring (`Authorization: Bearer TOKEN`).'),
  'admin.token_file': text('File whose first line is the token; it is read whenever the server starts.'),
  'admin.tls': flag('Speak TLS.', { default: false }),
  'admin.tls.crt_file': text('Certificate of the server, as PEM; read again when it changes.', { needs: 'admin.tls' }),
  'admin.tls.key_file': text('Private key of the server, as PEM; read again when it changes.', { needs: 'admin.tls' }),
  'admin.tls.key_passwd': secret('Passphrase of the private key.'),
  'admin.tls.ca_file': text(
    'Certificates that those of clients must be signed with, as PEM; then every client needs one.',
    {
      needs: 'admin.tls',
    },
  ),
  'admin.tls.crl_file': text(
    'Lists of certificates of clients that were revoked, as PEM; read again when it changes.',
    { needs: 'admin.tls' },
  ),
  'admin.tls.min_version': choice('Oldest version of TLS to speak.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
  hot_reload: flag('Let who may ask have the configuration read again (`POST /api/v2/reload`); SIGHUP always may.', {
    default: true,
  }),
  'health.max_pending_age': duration(
    'The agent is not ready while events of an output wait for longer, and it delivered nothing for as long.',
    { default: '5m', minimum: 1000 },
  ),
  'health.max_pause': duration('The agent is not ready while an input waits for room for longer.', {
    default: '1m',
    minimum: 1000,
  }),
  'health.max_loop_lag': duration('The agent is not alive while its event loop was late by more.', {
    default: '5s',
    minimum: 50,
  }),
  hc_errors_count: integer('`/api/v1/health` is `error` after more refusals than this within `hc_period`.', {
    default: 5,
    minimum: 0,
  }),
  hc_retry_failure_count: integer(
    '`/api/v1/health` is `error` after more batches than this that ran out of retries within `hc_period`.',
    { default: 5, minimum: 0 },
  ),
  hc_period: duration('How far back `/api/v1/health` looks.', { default: '60s', minimum: 1000, maximum: 86_400_000 }),
} as const
