import { readdirSync, readFileSync } from 'node:fs'
import { goesBy, isDead } from './status.js'

export interface Found {
  readonly pid: number
  /** Its folder below /proc. */
  readonly folder: string
  /** Its /proc/PID/status as it is now. */
  readonly status: string
}

/** Finds a process by name: the one it found before while that lives, for looking at all of them costs most, else the oldest. */
export class Finder {
  readonly #name: string
  readonly #root: string
  #last: number | undefined

  constructor(name: string, root: string) {
    this.#name = name
    this.#root = root
  }

  find(): Found | undefined {
    const found = (this.#last === undefined ? undefined : this.#look(this.#last)) ?? this.#search()
    this.#last = found?.pid
    return found
  }

  #search(): Found | undefined {
    const pids = readdirSync(this.#root).map(Number).filter(Number.isInteger)
    for (const pid of pids.sort((a, b) => a - b)) {
      const found = this.#look(pid)
      if (found) return found
    }
    return undefined
  }

  /** The process of this number, if it is there, alive, and of the name. */
  #look(pid: number): Found | undefined {
    const folder = `${this.#root}/${pid}`
    try {
      const status = readFileSync(`${folder}/status`, 'utf8')
      const named = !isDead(status) && goesBy(this.#name, status, readFileSync(`${folder}/cmdline`, 'utf8'))
      return named ? { pid, folder, status } : undefined
    } catch {
      return undefined // it ended between the listing and this
    }
  }
}
