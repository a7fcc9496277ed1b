import { type HttpExchange, unavailable } from 'sluice/http'
import { messageOf, nobody, type PasswordChecks, type PasswordUser } from 'sluice/plugin'

import type { Failures } from './failures.js'
import { credentials, type Way } from './identity.js'
import type { Users } from './lines.js'

export interface BasicParts {
  readonly realm: string
  readonly users: () => Users
  readonly checks: PasswordChecks
  readonly failures: Failures
}

/** The scheme Basic (RFC 7617). */
export function basicWay(parts: BasicParts): Way {
  const { realm, users, checks } = parts
  return {
    challenge: `Basic realm="${realm}", charset="UTF-8"`,
    find(exchange) {
      const shown = shownIn(credentials(exchange, 'basic'))
      if (!shown) return undefined
      const user = users().get(shown.name) ?? nobody
      const key = checks.keyOf(shown.name, shown.password, user)
      if (checks.isKnown(key)) return { user: shown.name }
      const checked = checks.running(key) ?? check(parts, exchange, { ...shown, user, key })
      return checked.then((isRight) => (isRight ? { user: shown.name } : undefined))
    },
  }
}

interface Shown {
  readonly name: string
  readonly password: string
}

interface Claim extends Shown {
  readonly user: PasswordUser
  readonly key: string
}

/** A check that could not be made is no failure of the client. */
async function check({ checks, failures }: BasicParts, exchange: HttpExchange, claim: Claim): Promise<boolean> {
  failures.charge(exchange)
  const isRight = await checks.check(claim.key, claim.password, claim.user).catch((error: unknown) => {
    failures.giveBack(exchange)
    throw unavailable(messageOf(error), 1, 'busy_passwords')
  })
  if (isRight) failures.giveBack(exchange)
  else failures.tell(exchange)
  return isRight
}

function shownIn(encoded: string | undefined): Shown | undefined {
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 1 ? undefined : { name: text.slice(0, at), password: text.slice(at + 1) }
}
