import { AgentError } from '../../base/agent-error.js'
import type { Clock } from '../../base/clock.js'
import { nobody, PasswordChecks, type PasswordUser } from '../../base/password-checks.js'
import { parsePasswordHash } from '../../base/password-hash.js'
import { MqttRefusal } from '../wire/mqtt-refusal.js'

/** What a client shows of itself. */
export interface Claim {
  readonly username: string | undefined
  readonly password: Buffer | undefined
  /** Names in its certificate, which TLS has verified. */
  readonly certificateNames: readonly string[]
}

export interface DoorSettings {
  /** Names to hashes of passwords. */
  readonly users: { readonly [name: string]: string }
  /** Whoever shows no name is let in; so is whoever shows one, where there are no users. */
  readonly allowAnonymous: boolean
  /** Names in certificates, `*.example.com` for all below a domain. */
  readonly certificates: readonly string[]
  readonly clock: Clock
}

/** How long a password that was right is not checked anew. */
const rememberMs = 300_000

/** Lets in who may publish. */
export class Door {
  readonly #settings: DoorSettings
  readonly #users: ReadonlyMap<string, PasswordUser>
  readonly #checks: PasswordChecks

  /** Throws an AgentError `MQTT_USER` for a hash that is none. */
  constructor(settings: DoorSettings) {
    this.#settings = settings
    this.#users = new Map(Object.entries(settings.users).map(([name, hash]) => [name, userOf(name, hash)]))
    this.#checks = new PasswordChecks({ clock: settings.clock, rememberMs })
  }

  /** Resolves for who is let in. Throws an MqttRefusal: `not_authorized`, `bad_user_name_or_password`, `server_busy`. */
  async check({ username, password, certificateNames }: Claim): Promise<void> {
    if (certificateNames.some((name) => this.#isNamed(name))) return
    if (username === undefined || this.#users.size === 0) return this.#checkAnonymous()
    if (await this.#isRight(username, password?.toString() ?? '')) return
    throw new MqttRefusal('bad_user_name_or_password', 'expected a user and its password')
  }

  #checkAnonymous(): void {
    if (!this.#settings.allowAnonymous) throw new MqttRefusal('not_authorized', 'expected a user, got none')
  }

  #isNamed(name: string): boolean {
    return this.#settings.certificates.some((known) =>
      known.startsWith('*.') ? name.endsWith(known.slice(1)) : name === known,
    )
  }

  async #isRight(name: string, password: string): Promise<boolean> {
    const user = this.#users.get(name) ?? nobody
    try {
      return await this.#checks.isRight(name, password, user)
    } catch (error) {
      throw new MqttRefusal('server_busy', 'too many passwords to check; try again later', { cause: error })
    }
  }
}

function userOf(name: string, hash: string): PasswordUser {
  try {
    return { text: hash, hash: parsePasswordHash(hash) }
  } catch (error) {
    throw new AgentError('MQTT_USER', `users: "${name}": ${(error as Error).message}`, { cause: error })
  }
}
