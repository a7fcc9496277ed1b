import { dirname } from 'node:path'

import type { ClientKind } from '../http/service.js'
import type { Logger } from '../plugin/context.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { loadBeside } from '../plugin/load-beside.js'

import { drivers, type OpenClient, type Settings } from './drivers.js'

/** The clients of databases that one module has, from the packages that are installed beside it. */
export class DatabaseClients {
  readonly #module: string
  readonly #log: Logger
  readonly #open = new Set<OpenClient>()

  constructor(module: string, log: Logger) {
    this.#module = module
    this.#log = log
  }

  /** Throws an AgentError `DATABASE_CLIENT` that says what to install. */
  async open(kind: ClientKind, settings: Settings = {}): Promise<unknown> {
    if (!Object.hasOwn(drivers, kind))
      throw new AgentError(
        'DATABASE_CLIENT',
        `client: expected one of ${Object.keys(drivers).join(', ')}, got "${kind}"`,
      )
    const driver = drivers[kind]
    for (const [name, open] of Object.entries(driver)) {
      const found = name.startsWith('node:') ? process.getBuiltinModule(name) : await loadBeside(this.#module, name)
      if (found) return this.#opened(kind, open(found, settings, dirname(this.#module)))
    }
    const names = Object.keys(driver).map((name) => name.split('/')[0] ?? name)
    const packages = names.filter((name) => !name.startsWith('node:'))
    const message = `client "${kind}": expected ${names.join(' or ')}, got none; npm install ${packages[0]} in ${dirname(this.#module)}`
    throw new AgentError('DATABASE_CLIENT', message)
  }

  /** One that does not close is no reason not to close the others. */
  async close(): Promise<void> {
    const open = [...this.#open]
    this.#open.clear()
    const closed = await Promise.allSettled(open.map(async ({ close }) => close()))
    for (const result of closed)
      if (result.status === 'rejected') this.#log.warn(`a client could not be closed: ${messageOf(result.reason)}`)
  }

  #opened(kind: ClientKind, opened: OpenClient): unknown {
    this.#open.add(opened)
    opened.onError?.((error) => this.#log.warn(`client ${kind}: ${messageOf(error)}`))
    return opened.client
  }
}
