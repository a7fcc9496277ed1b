import { createHmac, randomBytes } from 'node:crypto'

import { AgentError } from './agent-error.js'
import type { Clock } from './clock.js'
import { isPassword, type PasswordHash, parsePasswordHash } from './password-hash.js'
import { RecentMap } from './recent-map.js'

export interface PasswordUser {
  readonly hash: PasswordHash
  /** As it is written down, so that a password which was right for another text is not right for this one. */
  readonly text: string
}

/** Who is not known costs as much time as who is, so that the time of an answer says nothing. Nobody knows this password. */
export const nobody: PasswordUser = {
  text: '',
  hash: parsePasswordHash(`$scrypt$ln=14,r=8,p=5$${'A'.repeat(22)}$${'A'.repeat(43)}`),
}

export interface CheckSettings {
  readonly clock: Pick<Clock, 'monotonic'>
  /** How long a password that was right is not checked anew. */
  readonly rememberMs: number
}

/** Each takes a thread of Node's four and 16 MiB: there is work left for the others. */
const mostAtOnce = 2
const mostWaiting = 32
const mostRemembered = 1000

/** Checks passwords, few at a time, and remembers those that were right by a keyed hash of them. */
export class PasswordChecks {
  readonly #settings: CheckSettings
  readonly #secret = randomBytes(32)
  /** When what was right has to be checked again. */
  readonly #right = new RecentMap<string, number>(mostRemembered)
  readonly #running = new Map<string, Promise<boolean>>()
  readonly #waiting: (() => void)[] = []
  #atOnce = 0

  constructor(settings: CheckSettings) {
    this.#settings = settings
  }

  /** Whether the password is that of the user. Rejects as `check` does. */
  isRight(name: string, password: string, user: PasswordUser): Promise<boolean> {
    const key = this.keyOf(name, password, user)
    if (this.isKnown(key)) return Promise.resolve(true)
    return this.running(key) ?? this.check(key, password, user)
  }

  /** What a password is known by, together with whom and what it is checked against. */
  keyOf(name: string, password: string, user: PasswordUser): string {
    const hash = createHmac('sha256', this.#secret)
    for (const part of [name, password, user.text]) hash.update(`${part.length}:${part}`)
    return hash.digest('base64')
  }

  isKnown(key: string): boolean {
    return (this.#right.get(key) ?? 0) > this.#settings.clock.monotonic()
  }

  /** The check of the same password that is under way, which all that show it may wait for. */
  running(key: string): Promise<boolean> | undefined {
    return this.#running.get(key)
  }

  /** Rejects with an AgentError PASSWORD_BUSY when too many wait. */
  check(key: string, password: string, user: PasswordUser): Promise<boolean> {
    if (this.#waiting.length >= mostWaiting)
      return Promise.reject(new AgentError('PASSWORD_BUSY', 'too many passwords to check; try again later'))
    const checking = this.#check(key, password, user).finally(() => this.#running.delete(key))
    this.#running.set(key, checking)
    return checking
  }

  async #check(key: string, password: string, user: PasswordUser): Promise<boolean> {
    if (this.#atOnce >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#atOnce++
    try {
      const isRight = await isPassword(password, user.hash)
      if (isRight) this.#right.set(key, this.#settings.clock.monotonic() + this.#settings.rememberMs)
      return isRight
    } finally {
      this.#next()
    }
  }

  /** Whoever waits goes on in the place of the one that is done. */
  #next(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#atOnce--
  }
}
