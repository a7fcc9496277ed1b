import { AgentError, choice, flag, messageOf, secret, text, type ValuesOf } from 'sluice/plugin'
import { readFile } from 'node:fs/promises'
import type { buildConnector } from 'undici'

export const tlsOptions = {
  tls: flag('Use TLS.', { default: false }),
  'tls.verify': flag('Check that an authority we trust signed the certificate of the server.', { default: true }),
  'tls.verify_hostname': flag('Check that the certificate is for this host.', { default: true }),
  'tls.vhost': text('Name that the server is asked for and checked against; by default the host.'),
  'tls.ca_file': text('Authorities to trust (PEM), instead of those that Node brings.'),
  'tls.crt_file': text('Certificate of this client (PEM).'),
  'tls.key_file': text('Key of that certificate (PEM).'),
  'tls.key_passwd': secret('Password of the key.'),
  'tls.min_version': choice('Oldest version to speak.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
} as const

type TlsOptions = ValuesOf<typeof tlsOptions>

/** Reads the files anew at each call, so that a renewed certificate is used. */
export async function readTls(options: TlsOptions): Promise<buildConnector.BuildOptions> {
  if (!options.tls) return {}
  const [ca, cert, key] = await Promise.all(
    (['tls.ca_file', 'tls.crt_file', 'tls.key_file'] as const).map((name) => readPem(name, options[name])),
  )
  return {
    rejectUnauthorized: options['tls.verify'],
    minVersion: options['tls.min_version'],
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(options['tls.key_passwd'] === undefined ? {} : { passphrase: options['tls.key_passwd'] }),
    ...(options['tls.vhost'] === undefined ? {} : { servername: options['tls.vhost'] }),
    ...(options['tls.verify_hostname'] ? {} : { checkServerIdentity: () => undefined }),
  }
}

async function readPem(name: string, path: string | undefined): Promise<Buffer | undefined> {
  try {
    return path === undefined ? undefined : await readFile(path)
  } catch (error) {
    throw new AgentError('HTTP_TLS_FILE', `${name}: cannot read "${path}": ${messageOf(error)}`, { cause: error })
  }
}
