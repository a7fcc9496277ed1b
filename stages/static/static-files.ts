import { HttpError, type HttpExchange, normalPath, type Stage } from 'sluice/http'

import { askedOf } from './file-path.js'
import type { FileSender } from './file-sender.js'
import { listingHeaders, listingOf } from './listing.js'
import type { RootFolder } from './root-folder.js'

export interface Settings {
  readonly path: string
  /** Name of the file that stands for its folder; empty for none. */
  readonly index: string
  readonly listing: boolean
  readonly fallback: string | undefined
  readonly fallthrough: boolean
  readonly dot_files: boolean
}

type Names = readonly string[]

/** What of a folder answers a request: a file, the index or a listing of a folder, or that there is nothing. */
export class StaticFiles implements Pick<Stage, 'handle'> {
  readonly #settings: Settings
  readonly #root: RootFolder
  readonly #sender: FileSender
  readonly #prefixLength: number

  constructor(settings: Settings, root: RootFolder, sender: FileSender) {
    this.#settings = settings
    this.#root = root
    this.#sender = sender
    this.#prefixLength = normalPath(settings.path).replace(/\/$/, '').length
  }

  handle(exchange: HttpExchange): false | Promise<boolean> {
    const { fallthrough, dot_files: withDotFiles } = this.#settings
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
      if (fallthrough) return false
      throw new HttpError(405, `expected GET or HEAD, got ${exchange.method}`, { headers: { allow: 'GET, HEAD' } })
    }
    const asked = askedOf(normalPath(exchange.path).slice(this.#prefixLength))
    if (!asked) throw new HttpError(400, 'path: expected names of folders and of a file', { reason: 'bad_path' })
    if (!withDotFiles && asked.names.some((name) => name.startsWith('.'))) return this.#missing(exchange)
    return asked.isFolder ? this.#folder(exchange, asked.names) : this.#fileOrFolder(exchange, asked.names)
  }

  async #fileOrFolder(exchange: HttpExchange, names: Names): Promise<boolean> {
    const found = await this.#root.open(names)
    if (!found) return this.#missing(exchange)
    if (!found.isFolder) return this.#sender.send(exchange, names, found)
    await found.handle.close()
    return exchange.reply(301, '', { location: withSlash(exchange) })
  }

  async #folder(exchange: HttpExchange, names: Names): Promise<boolean> {
    const { index, listing } = this.#settings
    const found = index === '' ? undefined : await this.#root.openFile([...names, index])
    if (found) return this.#sender.send(exchange, [...names, index], found)
    return listing ? this.#list(exchange, names) : this.#missing(exchange)
  }

  async #list(exchange: HttpExchange, names: Names): Promise<boolean> {
    const found = await this.#root.open(names)
    await found?.handle.close()
    if (found?.isFolder !== true) return this.#missing(exchange)
    const page = await listingOf(found.path, { dotFiles: this.#settings.dot_files })
    return exchange.reply(200, page, { ...listingHeaders })
  }

  async #missing(exchange: HttpExchange): Promise<boolean> {
    const { fallback, fallthrough } = this.#settings
    const wantsPage = exchange.header('accept')?.includes('text/html') ?? false
    const found = fallback !== undefined && wantsPage ? await this.#root.openFile([fallback]) : undefined
    if (fallback !== undefined && found) return this.#sender.send(exchange, [fallback], found)
    return !fallthrough && exchange.problem(404, 'there is nothing here')
  }
}

/** Where links in the index of a folder count from. The path has one slash in front: two would be refused. */
function withSlash({ path, query }: HttpExchange): string {
  return `${path}/${query === '' ? '' : `?${query}`}`
}
