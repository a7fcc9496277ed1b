import { readFile } from 'node:fs/promises'
import type { SecureContext, SecureContextOptions } from 'node:tls'

import { AgentError, messageOf } from '../plugin/errors.js'
import type { CertificateFiles, TlsServerSettings } from './tls-server-options.js'

export interface LoadedCertificates {
  /** For clients that ask for no name, or for one that there is no other certificate for. */
  readonly ofServer: SecureContextOptions
  readonly ofHosts: ReadonlyMap<string, SecureContext>
}

/** Reads all files, and checks that they fit together. Throws an AgentError `NET_TLS_FILE`. */
export async function loadCertificates(settings: TlsServerSettings): Promise<LoadedCertificates> {
  const { createSecureContext } = await import('node:tls')
  const common = await commonOf(settings)
  const contextOf = async (option: string, files: CertificateFiles): Promise<[SecureContextOptions, SecureContext]> => {
    const options = { ...common, ...(await pairOf(option, files)) }
    try {
      return [options, createSecureContext(options)]
    } catch (error) {
      const both = `${files.crtFile} and ${files.keyFile}`
      throw new AgentError('NET_TLS_FILE', `${option}crt_file: ${both}: ${messageOf(error)}`, { cause: error })
    }
  }
  const [ofServer] = await contextOf('tls.', settings.certificate)
  const ofHosts = new Map<string, SecureContext>()
  for (const [host, files] of settings.hosts) {
    const [, context] = await contextOf(`tls.hosts.${host}.`, files)
    ofHosts.set(host, context)
  }
  return { ofServer, ofHosts }
}

async function commonOf({ caFile, crlFile, minVersion, ciphers }: TlsServerSettings): Promise<SecureContextOptions> {
  return {
    minVersion,
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(caFile === undefined ? {} : { ca: await read('tls.ca_file', caFile) }),
    ...(crlFile === undefined ? {} : { crl: await readLists(crlFile) }),
  }
}

/** Each list by itself: OpenSSL takes the first one of a file alone. */
async function readLists(path: string): Promise<string[]> {
  const { createSecureContext } = await import('node:tls')
  const text = (await read('tls.crl_file', path)).toString('latin1')
  const lists = text.match(/-----BEGIN X509 CRL-----[^-]*-----END X509 CRL-----/g) ?? []
  try {
    createSecureContext({ crl: lists })
  } catch (error) {
    throw new AgentError('NET_TLS_FILE', `tls.crl_file: ${path}: ${messageOf(error)}`, { cause: error })
  }
  if (lists.length > 0) return lists
  throw new AgentError('NET_TLS_FILE', `tls.crl_file: ${path}: expected lists of revoked certificates as PEM, got none`)
}

async function pairOf(
  option: string,
  { crtFile, keyFile, passphrase }: CertificateFiles,
): Promise<SecureContextOptions> {
  return {
    cert: await read(`${option}crt_file`, crtFile),
    key: await read(`${option}key_file`, keyFile),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

async function read(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new AgentError('NET_TLS_FILE', `${option}: ${messageOf(error)}`, { cause: error })
  }
}
