import { type ListenAddress, parseListen } from '../net/listen-address.js'
import type { TlsServerSettings } from '../net/tls-server-options.js'
import { AgentError } from '../plugin/errors.js'
import type { HealthBounds } from './health.js'
import type { FailureBounds } from './recent-failures.js'

/** What a service says of the server: see src/config/admin-options.ts. */
export interface AdminValues {
  readonly http_listen: string
  readonly http_port: number
  readonly 'admin.token': string | undefined
  readonly 'admin.token_file': string | undefined
  readonly 'admin.tls': boolean
  readonly 'admin.tls.crt_file': string | undefined
  readonly 'admin.tls.key_file': string | undefined
  readonly 'admin.tls.key_passwd': string | undefined
  readonly 'admin.tls.ca_file': string | undefined
  readonly 'admin.tls.crl_file': string | undefined
  readonly 'admin.tls.min_version': 'TLSv1.2' | 'TLSv1.3'
  readonly 'health.max_pending_age': number
  readonly 'health.max_pause': number
  readonly 'health.max_loop_lag': number
  readonly hot_reload: boolean
  readonly hc_errors_count: number
  readonly hc_retry_failure_count: number
  readonly hc_period: number
}

export interface AdminSettings {
  readonly listen: ListenAddress
  /** What every request must bring, or the file that has it; undefined where none is asked for. */
  readonly token: { readonly text: string } | { readonly file: string } | undefined
  /** Undefined where it speaks no TLS. */
  readonly tls: TlsServerSettings | undefined
  readonly health: HealthBounds
  readonly failures: FailureBounds
  /** Whether who may ask may also have the configuration read again. */
  readonly hotReload: boolean
}

/** Reads no file. Throws an AgentError where the server would be open to others than this machine. */
export function readAdminSettings(values: AdminValues): AdminSettings {
  const listen = parseListen(values.http_listen, values.http_port)
  const token = tokenOf(values)
  const tls = tlsOf(values)
  if (!isLocal(listen) && !token && tls?.clientCertificate !== 'require') throw tooOpen(values.http_listen)
  return {
    listen,
    token,
    tls,
    hotReload: values.hot_reload,
    health: {
      maxPendingMs: values['health.max_pending_age'],
      maxPauseMs: values['health.max_pause'],
      maxLoopLagMs: values['health.max_loop_lag'],
    },
    failures: {
      errors: values.hc_errors_count,
      retryFailures: values.hc_retry_failure_count,
      periodMs: values.hc_period,
    },
  }
}

function tokenOf({ 'admin.token': text, 'admin.token_file': file }: AdminValues): AdminSettings['token'] {
  if (text !== undefined && file !== undefined)
    throw new AgentError('ADMIN_TOKEN_TWICE', 'admin.token: expected it or admin.token_file, got both')
  if (text !== undefined) {
    if (text.trim() === '') throw new AgentError('ADMIN_TOKEN_EMPTY', 'admin.token: expected a token, got an empty one')
    return { text: text.trim() }
  }
  return file === undefined ? undefined : { file }
}

function tlsOf(values: AdminValues): TlsServerSettings | undefined {
  if (!values['admin.tls']) return undefined
  const { 'admin.tls.ca_file': caFile, 'admin.tls.crl_file': crlFile } = values
  if (crlFile !== undefined) named('admin.tls.ca_file', values, 'admin.tls.crl_file is named')
  return {
    certificate: {
      crtFile: named('admin.tls.crt_file', values),
      keyFile: named('admin.tls.key_file', values),
      passphrase: values['admin.tls.key_passwd'],
    },
    hosts: new Map(),
    clientCertificate: caFile === undefined ? 'off' : 'require',
    caFile,
    crlFile,
    minVersion: values['admin.tls.min_version'],
    ciphers: undefined,
  }
}

type FileOption = 'admin.tls.crt_file' | 'admin.tls.key_file' | 'admin.tls.ca_file'

function named(option: FileOption, values: AdminValues, why = 'admin.tls is on'): string {
  const path = values[option]
  if (path !== undefined && path !== '') return path
  throw new AgentError('ADMIN_TLS_FILE', `${option}: expected the path of a PEM file, since ${why}`)
}

function isLocal(listen: ListenAddress): boolean {
  if ('path' in listen) return true
  return 'host' in listen && isLoopback(listen.host)
}

/** 127.0.0.0/8 (RFC 1122, section 3.2.1.3), ::1, and the name that stands for them (RFC 6761, section 6.3). */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
}

function tooOpen(listen: string): AgentError {
  return new AgentError(
    'ADMIN_TOO_OPEN',
    `http_listen: expected a loopback address or a unix socket, or a token (admin.token, admin.token_file) or certificates of clients (admin.tls.ca_file) beside "${listen}"; ` +
      'it tells of the agent to whoever asks',
  )
}
