import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

import { AgentError, messageOf } from '../plugin/errors.js'
import { choice, flag, secret, text, type ValuesOf } from '../plugin/options.js'

/** The options of every plugin that may speak TLS as a client. */
export const tlsOptions = {
  tls: flag('Speak TLS.', { default: false }),
  'tls.verify': flag('Refuse a server whose certificate is not trusted or names another host.', { default: true }),
  'tls.vhost': text('Name that the certificate must have; by default the host that is connected to.'),
  'tls.ca_file': text('Certificates to trust instead of those of the system, as PEM.', { needs: 'tls' }),
  'tls.crt_file': text('Certificate of this client, as PEM.', { needs: 'tls' }),
  'tls.key_file': text('Private key of this client, as PEM.', { needs: 'tls' }),
  'tls.key_passwd': secret('Passphrase of the private key.'),
  'tls.min_version': choice('Oldest version to speak.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
} as const

export type TlsOptions = ValuesOf<typeof tlsOptions>

/** What Node's TLS and libraries over it take. */
export type TlsSettings = Pick<
  ConnectionOptions,
  'rejectUnauthorized' | 'servername' | 'ca' | 'cert' | 'key' | 'passphrase' | 'minVersion' | 'ALPNProtocols'
>

/**
 * Reads the files that the options name, so that a renewed certificate serves the next connection. Undefined without `tls`.
 * Throws an AgentError `NET_TLS_FILE` for a file that cannot be read.
 */
export function readTlsSettings(options: TlsOptions): TlsSettings | undefined {
  if (!options.tls) return undefined
  const { 'tls.vhost': servername, 'tls.key_passwd': passphrase } = options
  return {
    rejectUnauthorized: options['tls.verify'],
    minVersion: options['tls.min_version'],
    ...(servername === undefined ? {} : { servername }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...fileOf('ca', 'tls.ca_file', options),
    ...fileOf('cert', 'tls.crt_file', options),
    ...fileOf('key', 'tls.key_file', options),
  }
}

type FileOption = 'tls.ca_file' | 'tls.crt_file' | 'tls.key_file'

function fileOf(setting: 'ca' | 'cert' | 'key', option: FileOption, options: TlsOptions): TlsSettings {
  const path = options[option]
  if (path === undefined) return {}
  try {
    return { [setting]: readFileSync(path) }
  } catch (error) {
    throw new AgentError('NET_TLS_FILE', `${option}: ${messageOf(error)}`, { cause: error })
  }
}
