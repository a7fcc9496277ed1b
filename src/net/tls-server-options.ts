import { AgentError } from '../plugin/errors.js'
import { choice, flag, named, secret, text, type ValuesOf } from '../plugin/options.js'

/** The options of every server that may speak TLS. */
export const tlsServerOptions = {
  tls: flag('Speak TLS on all addresses but unix sockets.', { default: false }),
  'tls.crt_file': text('Certificate of this server with those above it, as PEM; read again when it changes.', {
    needs: 'tls',
  }),
  'tls.key_file': text('Private key of this server, as PEM; read again when it changes.', { needs: 'tls' }),
  'tls.key_passwd': secret('Passphrase of the private key.'),
  'tls.hosts': named('Certificates for other names that clients ask for, such as `panel.example` or `*.example`.', {
    crt_file: text('Certificate of this host, as PEM.'),
    key_file: text('Private key of this host, as PEM.'),
    key_passwd: secret('Passphrase of the private key.'),
  }),
  'tls.verify_client_cert': choice(
    'Certificates of clients: `off` asks for none, `require` takes only clients with one that `tls.ca_file` trusts, `request` others too; `on` is `require`.',
    ['off', 'request', 'require', 'on'],
    { default: 'off' },
  ),
  'tls.ca_file': text('Certificates to trust that certificates of clients are signed with, as PEM.', { needs: 'tls' }),
  'tls.crl_file': text(
    'Lists of certificates that were revoked, as PEM, one of each authority of `tls.ca_file` that signed any; read again when it changes.',
    { needs: 'tls' },
  ),
  'tls.min_version': choice('Oldest version to speak.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
  'tls.ciphers': text('Ciphers to speak, in the words of OpenSSL; by default those of Node.', { needs: 'tls' }),
} as const

export type TlsServerOptions = ValuesOf<typeof tlsServerOptions>

/** A certificate and its key, in files. */
export interface CertificateFiles {
  readonly crtFile: string
  readonly keyFile: string
  readonly passphrase: string | undefined
}

/** How a server speaks TLS; no file of it was read yet. */
export interface TlsServerSettings {
  readonly certificate: CertificateFiles
  /** By host in lower case, or `*.example` for all names right below one. */
  readonly hosts: ReadonlyMap<string, CertificateFiles>
  readonly clientCertificate: 'off' | 'request' | 'require'
  readonly caFile: string | undefined
  readonly crlFile: string | undefined
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers: string | undefined
}

/** Undefined without `tls`. Throws an AgentError `NET_TLS_OPTIONS` where a file is not named that there must be, or is of no use. */
export function readTlsServerOptions(options: TlsServerOptions): TlsServerSettings | undefined {
  if (!options.tls) return undefined
  const wanted = options['tls.verify_client_cert']
  const clientCertificate = wanted === 'on' ? 'require' : wanted
  const caFile = options['tls.ca_file']
  const crlFile = options['tls.crl_file']
  if (clientCertificate !== 'off') needed('tls.ca_file', caFile, `tls.verify_client_cert is ${clientCertificate}`)
  else if (crlFile !== undefined) throw unaskedFor()
  return {
    certificate: {
      crtFile: needed('tls.crt_file', options['tls.crt_file'], 'tls is on'),
      keyFile: needed('tls.key_file', options['tls.key_file'], 'tls is on'),
      passphrase: options['tls.key_passwd'],
    },
    hosts: new Map(Object.entries(options['tls.hosts'] ?? {}).map(hostFiles)),
    clientCertificate,
    caFile,
    crlFile,
    minVersion: options['tls.min_version'],
    ciphers: options['tls.ciphers'],
  }
}

type HostOptions = NonNullable<TlsServerOptions['tls.hosts']>[string]

function hostFiles([host, { crt_file, key_file, key_passwd }]: [string, HostOptions]): [string, CertificateFiles] {
  const at = `tls.hosts.${host}`
  const crtFile = needed(`${at}.crt_file`, crt_file, 'the host is named')
  const keyFile = needed(`${at}.key_file`, key_file, 'the host is named')
  return [host.toLowerCase(), { crtFile, keyFile, passphrase: key_passwd }]
}

function needed(option: string, path: string | undefined, why: string): string {
  if (path !== undefined && path !== '') return path
  throw new AgentError('NET_TLS_OPTIONS', `${option}: expected the path of a PEM file, since ${why}`)
}

function unaskedFor(): AgentError {
  return new AgentError(
    'NET_TLS_OPTIONS',
    'tls.crl_file: expected tls.verify_client_cert to be request or require, got off, which asks for no certificate',
  )
}
