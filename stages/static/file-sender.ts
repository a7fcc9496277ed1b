import type { HttpExchange } from 'sluice/http'

import { acceptedEncodings, type Encoding, endings } from './encodings.js'
import { mediaTypes } from './media-types.js'
import { type Found, lend, type RootFolder } from './root-folder.js'
import type { SendSettings } from './send-body.js'
import { sendFile } from './send-file.js'

export interface SenderSettings extends SendSettings {
  readonly root: RootFolder
  readonly precompressed: boolean
  /** Headers of all files. */
  readonly headers: { readonly [name: string]: string }
  readonly types: { readonly [ending: string]: string } | undefined
}

interface Packed {
  readonly file: Found
  readonly encoding: Encoding
}

/** Sends files, or what lies compressed beside them, with the headers that go with them. */
export class FileSender {
  readonly #settings: SenderSettings
  readonly #typeOf: (name: string) => string

  constructor(settings: SenderSettings) {
    this.#settings = settings
    this.#typeOf = mediaTypes(settings.types)
  }

  /** Answers with a file that was opened by these names, and closes it. */
  send(exchange: HttpExchange, names: readonly string[], found: Found): Promise<true> {
    return lend(found, async (plain) => {
      const packed = this.#settings.precompressed ? await this.#packed(exchange, names) : undefined
      if (!packed) return this.#sendAs(exchange, names, plain, '')
      return lend(packed.file, (file) => this.#sendAs(exchange, names, file, packed.encoding))
    })
  }

  #sendAs(exchange: HttpExchange, names: readonly string[], file: Found, encoding: Encoding | ''): Promise<true> {
    const headers = { 'content-type': this.#typeOf(names.at(-1) ?? ''), ...this.#settings.headers }
    return sendFile(exchange, { file, encoding, headers }, this.#settings)
  }

  async #packed(exchange: HttpExchange, names: readonly string[]): Promise<Packed | undefined> {
    exchange.response.appendHeader('vary', 'Accept-Encoding')
    const [name = '', folder] = [names.at(-1), names.slice(0, -1)]
    for (const encoding of acceptedEncodings(exchange.header('accept-encoding'))) {
      const file = await this.#settings.root.openFile([...folder, name + endings[encoding]])
      if (file) return { file, encoding }
    }
    return undefined
  }
}
