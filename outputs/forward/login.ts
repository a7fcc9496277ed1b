import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { type Helo, passwordDigest, type Ping, type Pong, sameDigest, sharedKeyDigest, writePing } from 'sluice/forward'
import { AgentError } from 'sluice/plugin'

/** What a server that asks for a key is shown. */
export interface Login {
  /** Empty where the server has users alone. */
  readonly sharedKey: string
  /** What this side calls itself; the server must have another name. */
  readonly hostname: string
  readonly user: string
  readonly password: string
}

export interface LoginOptions {
  readonly shared_key: string | undefined
  readonly empty_shared_key: boolean
  readonly self_hostname: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
}

/** Undefined where the options have no key. Throws an AgentError `FORWARD_LOGIN` where they have a user all the same. */
export function loginOf(options: LoginOptions): Login | undefined {
  const { username, password, self_hostname } = options
  const sharedKey = options.shared_key ?? (options.empty_shared_key ? '' : undefined)
  if (sharedKey !== undefined) {
    return { sharedKey, hostname: self_hostname ?? hostname(), user: username ?? '', password: password ?? '' }
  }
  if (username === undefined && password === undefined) return undefined
  throw new AgentError(
    'FORWARD_LOGIN',
    'username: expected a shared_key beside it, got none; write empty_shared_key: on where the server has none',
  )
}

/** What this side says to a HELO, and whether it believes the PONG. */
export interface Challenge {
  readonly ping: Uint8Array
  /** Why a PONG is not to be believed, if it is not. */
  readonly check: (pong: Pong) => string | undefined
}

const saltBytes = 16

/**
 * The digests of both sides differ by their host names alone, so a server of this side's name could send ours back without
 * knowing the key: it is refused (Fluentd Forward Protocol Specification v1, "PING", "PONG").
 */
export function challengeOf({ nonce, auth }: Helo, login: Login, salt = randomSalt()): Challenge {
  const { sharedKey, hostname: name } = login
  const digest = sharedKeyDigest(salt, name, nonce, sharedKey)
  const ping: Ping = { hostname: name, salt, digest, ...userOf(auth, login) }
  const check = (pong: Pong): string | undefined => {
    if (!pong.accepted) return `the server refuses this client: ${JSON.stringify(pong.reason)}`
    if (pong.hostname === name) return `the server calls itself "${name}" too; give another name in self_hostname`
    const expected = sharedKeyDigest(salt, pong.hostname, nonce, sharedKey)
    return sameDigest(pong.digest, expected) ? undefined : 'the server does not know the shared key'
  }
  return { ping: writePing(ping), check }
}

/** A server without users sends no salt for their passwords, and expects neither name nor digest. */
function userOf(auth: Helo['auth'], { user, password }: Login): Pick<Ping, 'user' | 'passwordDigest'> {
  if (auth.length === 0) return { user: '', passwordDigest: '' }
  return { user, passwordDigest: passwordDigest(auth, user, password) }
}

/** As text: servers written in Ruby hash the characters. */
function randomSalt(): string {
  return randomBytes(saltBytes).toString('hex')
}
