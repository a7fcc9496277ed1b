import { stat } from 'node:fs/promises'

import type { Cancel } from '../base/clock.js'
import { messageOf } from '../plugin/errors.js'
import { type LoadedCertificates, loadCertificates } from './load-certificates.js'
import type { PluginContext } from '../plugin/context.js'
import type { TlsServerSettings } from './tls-server-options.js'

/** How often the files are asked whether they changed. */
const checkMs = 10_000

/** The certificates of one server, which are read again when their files change. */
export class Certificates {
  readonly #settings: TlsServerSettings
  readonly #context: Pick<PluginContext, 'clock' | 'log'>
  readonly #changed: (loaded: LoadedCertificates) => void
  #seen = ''
  #next: Cancel = () => undefined
  #isClosed = false

  constructor(
    settings: TlsServerSettings,
    context: Pick<PluginContext, 'clock' | 'log'>,
    changed: (loaded: LoadedCertificates) => void,
  ) {
    this.#settings = settings
    this.#context = context
    this.#changed = changed
  }

  /** Reads them for the first time. Throws an AgentError `NET_TLS_FILE`. */
  async open(): Promise<void> {
    this.#seen = await stateOf(filesOf(this.#settings))
    this.#changed(await loadCertificates(this.#settings))
    this.#schedule()
  }

  /** Where the new files cannot be used, what was read before goes on to serve. */
  async #refresh(): Promise<void> {
    const seen = await stateOf(filesOf(this.#settings))
    if (seen === this.#seen) return
    this.#seen = seen
    try {
      const loaded = await loadCertificates(this.#settings)
      if (this.#isClosed) return
      this.#changed(loaded)
      this.#context.log.info('read certificates again')
    } catch (error) {
      this.#context.log.error('kept the old certificates', { reason: messageOf(error) })
    }
  }

  close(): void {
    this.#isClosed = true
    this.#next()
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#next = this.#context.clock.after(checkMs, () => void this.#refresh().finally(() => this.#schedule()))
  }
}

function filesOf({ certificate, hosts, caFile, crlFile }: TlsServerSettings): string[] {
  const pairs = [certificate, ...hosts.values()].flatMap(({ crtFile, keyFile }) => [crtFile, keyFile])
  return [...pairs, caFile, crlFile].filter((path) => path !== undefined)
}

/** Other text whenever a file was written, or another one took its place. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    const file = await stat(path, { bigint: true }).catch(() => undefined)
    return file ? `${file.ino} ${file.size} ${file.mtimeNs}` : 'none'
  })
  return (await Promise.all(states)).join('\n')
}
