import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

import { choice, flag, secret, text, type ValuesOf } from '../plugin/options.js'

/** The options of every plugin that may speak TLS as a client. */
export const tlsOptions = {
  tls: flag('Speak TLS.', { default: false }),
  'tls.verify': flag('Refuse a server whose certificate is not trusted or names another host.', { default: true }),
  'tls.vhost': text('Name that the certificate must have; by default the host that is connected to.'),
  'tls.ca_file': text('Certificates to trust instead of those of the system, as PEM.'),
  'tls.crt_file': text('Certificate of this client, as PEM.'),
  'tls.key_file': text('Private key of this client, as PEM.'),
  'tls.key_passwd': secret('Passphrase of the private key.'),
  'tls.min_version': choice('Oldest version to speak.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
} as const

/** What Node's TLS and libraries over it take. */
export type TlsSettings = Pick<
  ConnectionOptions,
  'rejectUnauthorized' | 'servername' | 'ca' | 'cert' | 'key' | 'passphrase' | 'minVersion'
>

/** Reads the files that the options name, so that a renewed certificate serves the next connection. Undefined without `tls`. */
export function readTlsSettings(options: ValuesOf<typeof tlsOptions>): TlsSettings | undefined {
  if (!options.tls) return undefined
  const { 'tls.vhost': servername, 'tls.key_passwd': passphrase } = options
  const file = (name: 'ca' | 'cert' | 'key', path: string | undefined): TlsSettings =>
    path === undefined ? {} : { [name]: readFileSync(path) }
  return {
    rejectUnauthorized: options['tls.verify'],
    minVersion: options['tls.min_version'],
    ...(servername === undefined ? {} : { servername }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...file('ca', options['tls.ca_file']),
    ...file('cert', options['tls.crt_file']),
    ...file('key', options['tls.key_file']),
  }
}
