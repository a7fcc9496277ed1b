import type { StageContext } from 'sluice/http'
import { partOf } from 'sluice/net'
import { AgentError, PasswordChecks } from 'sluice/plugin'

import { basicWay } from './basic.js'
import { certificateWay } from './certificates.js'
import { Failures } from './failures.js'
import type { Way } from './identity.js'
import { parseTokens, parseUsers } from './lines.js'
import { apiKeyWay, bearerWay, withToken } from './tokens.js'
import { WatchedFile } from './watched-file.js'

export interface Settings {
  readonly users_file: string | undefined
  readonly tokens_file: string | undefined
  readonly token: string | undefined
  readonly api_key_header: string | undefined
  readonly certificates: readonly string[] | undefined
  readonly realm: string
  readonly remember: number
  readonly max_failures: number
}

export interface Ways {
  readonly ways: readonly Way[]
  readonly files: readonly Pick<WatchedFile<unknown>, 'refresh'>[]
}

const none: Ways = { ways: [], files: [] }

/** All ways that are set, what costs least first. Throws an AgentError AUTH_NO_WAY where none is. */
export function waysOf(settings: Settings, context: StageContext): Ways {
  const failures = new Failures(partOf(settings.max_failures, context.workers), context)
  const all = [byCertificate(settings), byToken(settings, failures), byPassword(settings, failures, context)]
  const ways = all.flatMap((each) => each.ways)
  if (ways.length === 0)
    throw new AgentError(
      'AUTH_NO_WAY',
      'auth: expected users_file, tokens_file, token or certificates; set one of them',
    )
  return { ways, files: all.flatMap((each) => each.files) }
}

function byCertificate({ certificates = [] }: Settings): Ways {
  return certificates.length === 0 ? none : { ways: [certificateWay(certificates)], files: [] }
}

function byToken({ tokens_file: path, token, api_key_header: header, realm }: Settings, failures: Failures): Ways {
  if (path === undefined && token === undefined) return none
  const parse = (content: string) => withToken(parseTokens(content), token)
  const file = path === undefined ? undefined : new WatchedFile(path, parse)
  const fixed = parse('')
  const parts = { realm, failures, tokens: () => file?.value ?? fixed }
  const ways = [bearerWay(parts), ...(header === undefined ? [] : [apiKeyWay(parts, header)])]
  return { ways, files: file ? [file] : [] }
}

function byPassword(settings: Settings, failures: Failures, { clock }: StageContext): Ways {
  const { users_file: path, realm, remember: rememberMs } = settings
  if (path === undefined) return none
  const file = new WatchedFile(path, parseUsers)
  const checks = new PasswordChecks({ clock, rememberMs })
  return { ways: [basicWay({ realm, failures, checks, users: () => file.value })], files: [file] }
}
