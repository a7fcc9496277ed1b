import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import {
  aborted,
  answerFromCgi,
  cgiEnvironment,
  decodedPath,
  HttpError,
  type HttpExchange,
  passBody,
  pathBelow,
  type ScriptPlace,
  type Stage,
  unavailable,
  writable,
} from 'sluice/http'
import type { PluginContext } from 'sluice/plugin'
import { findScript, type FoundScript } from './find-script.js'
import { ScriptProcess } from './script-process.js'

export interface CgiSettings {
  readonly path: string
  readonly command: readonly string[]
  readonly root: string | undefined
  readonly env: { readonly [name: string]: string }
  readonly timeoutMs: number
  readonly mostProcesses: number
  readonly bodyBytes: number | undefined
  readonly outputBytes: number
}

type Script = ScriptPlace & Partial<FoundScript>

const late = { reason: 'script_late' }
const tooLong = 'the script took too long'

/** Runs a script for each request (CGI/1.1, RFC 3875). */
export class CgiStage implements Stage {
  readonly #settings: CgiSettings
  readonly #context: PluginContext
  readonly #running = new Set<ScriptProcess>()

  constructor(settings: CgiSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
  }

  async handle(exchange: HttpExchange): Promise<boolean> {
    const script = await this.#find(exchange.path)
    if (!script) return false
    const { mostProcesses } = this.#settings
    if (this.#running.size >= mostProcesses)
      throw unavailable(`${mostProcesses} scripts are running already`, 1, 'too_many_processes')
    await this.#run(exchange, script)
    return true
  }

  /** Whoever waits for an answer is gone by then. */
  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal)
    for (const script of this.#running) script.end()
    await Promise.allSettled([...this.#running].map(({ ended }) => ended))
  }

  async #find(asked: string): Promise<Script | undefined> {
    const { path: place, root, command } = this.#settings
    if (root !== undefined) return findScript({ asked, place, root, mustBeExecutable: command.length === 0 })
    const below = pathBelow(asked, place)
    return { scriptName: asked.slice(0, asked.length - below.length), pathInfo: decodedPath(below) }
  }

  async #run(exchange: HttpExchange, script: Script): Promise<void> {
    const { clock } = this.#context
    const process = this.#start(exchange, script)
    const end = (): void => process.end()
    const cancel = clock.after(this.#settings.timeoutMs, () => process.end(new HttpError(504, tooLong, late)))
    exchange.signal.addEventListener('abort', end)
    try {
      await this.#converse(exchange, process)
      exchange.response.end()
    } catch (error) {
      end()
      await process.ended.catch(() => undefined)
      if (exchange.isAborted) return
      // What the client has of the answer must not look like a whole one.
      if (exchange.isAnswered) exchange.response.destroy()
      throw process.reason ?? error
    } finally {
      cancel()
      exchange.signal.removeEventListener('abort', end)
      if (!exchange.isAborted) this.#tell(process, script)
    }
  }

  #start(exchange: HttpExchange, { file, ...place }: Script): ScriptProcess {
    const { command, root, env } = this.#settings
    const files = file === undefined ? {} : { SCRIPT_FILENAME: file }
    const paths = root === undefined || place.pathInfo === '' ? {} : { PATH_TRANSLATED: join(root, place.pathInfo) }
    const variables = { ...cgiEnvironment(exchange, place), ...files, ...paths }
    const script = new ScriptProcess(
      {
        words: command.length === 0 ? [file ?? ''] : (command as [string, ...string[]]),
        env: { PATH: process.env['PATH'] ?? '', ...variables, ...env },
        cwd: file === undefined ? undefined : dirname(file),
      },
      this.#context.clock,
    )
    this.#running.add(script)
    script.ended.catch(() => undefined).finally(() => this.#running.delete(script))
    return script
  }

  /** Passes the body and the answer on. Throws an HttpError where one of them is not as it should be. */
  async #converse(exchange: HttpExchange, { child, ended }: ScriptProcess): Promise<void> {
    const { bodyBytes, outputBytes } = this.#settings
    const sent = passBody(exchange, { limitBytes: bodyBytes, take: (part) => written(child.stdin, part) })
    const unsent = new Promise<never>((_resolve, reject) => {
      sent.then(() => child.stdin.end()).catch(reject)
    })
    const answered = answerFromCgi(exchange, child.stdout, outputBytes)
    await Promise.race([Promise.all([ended, answered]), unsent])
    const end = await ended
    if (typeof end === 'string')
      throw new HttpError(502, 'the script did not come to its end', { reason: 'script_failed' })
  }

  #tell({ errors, code }: ScriptProcess, { scriptName }: Script): void {
    if (errors !== '' || code !== 0)
      this.#context.log.warn('script had something to say', { script: scriptName, code: code ?? 'none', text: errors })
    if (code !== 0) this.#context.count('failed_scripts')
  }
}

/** What a script does not read is forgotten. */
function written(stdin: Writable, part: Buffer): void | Promise<void> {
  if (stdin.destroyed || stdin.write(part)) return
  return writable(stdin)
}
