import { HttpError, type HttpExchange, type Stage, type StageContext } from 'sluice/http'

import { type Identity, identify } from './identity.js'
import { type Settings as WaySettings, waysOf } from './ways.js'

export interface Settings extends WaySettings {
  readonly allow_users: readonly string[] | undefined
  readonly scope: string | undefined
  readonly exempt: readonly string[] | undefined
  readonly refresh: number
}

/** Throws an AgentError AUTH_NO_WAY. */
export function authStage(settings: Settings, context: StageContext): Stage {
  const { ways, files } = waysOf(settings, context)
  const isExempt = exemption(settings.exempt ?? [])
  const admit = admission(
    settings,
    ways.flatMap(({ challenge = '' }) => (challenge === '' ? [] : [challenge])),
  )
  return {
    onRequest(exchange) {
      if (isExempt(exchange.path)) return false
      const found = identify(ways, exchange)
      return found instanceof Promise ? found.then((identity) => admit(exchange, identity)) : admit(exchange, found)
    },
    async run(signal) {
      // What comes before the first wait is done before the server listens.
      while (!signal.aborted) {
        for (const file of files) file.refresh(context)
        await context.clock.sleep(settings.refresh, signal)
      }
    },
  }
}

/** As it is written only: no other spelling of a path is exempt. */
function exemption(paths: readonly string[]): (path: string) => boolean {
  const prefixes = paths.map((path) => path.replace(/\/$/, ''))
  return (asked) => prefixes.some((prefix) => asked === prefix || asked.startsWith(`${prefix}/`))
}

type Admit = (exchange: HttpExchange, identity: Identity | undefined) => false

/** Who is not known gets a 401 with what may be shown, who is known and not meant a 403 (RFC 9110, sections 15.5.2 and 15.5.4). */
function admission({ allow_users: users, scope }: Settings, challenges: readonly string[]): Admit {
  const headers = { 'www-authenticate': challenges.join(', ') }
  return (exchange, identity) => {
    if (!identity && challenges.length === 0) throw refusal(403, 'a client certificate is needed here')
    if (!identity) throw new HttpError(401, 'say who you are', { headers, reason: 'unauthorized' })
    const isMeant = users?.includes(identity.user) ?? true
    if (!isMeant || (scope !== undefined && identity.scopes?.includes(scope) === false))
      throw refusal(403, 'you are not let in here')
    exchange.user = identity.user
    return false
  }
}

function refusal(status: number, detail: string): HttpError {
  return new HttpError(status, detail, { reason: 'forbidden' })
}
