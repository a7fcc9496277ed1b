import { aborted, cgiEnvironment, declaredBytes, HttpError, type HttpExchange, type Stage } from 'sluice/http'
import { messageOf, type PluginContext } from 'sluice/plugin'
import { Conversation, type ConversationSettings } from './conversation.js'
import { ConnectionPool, type PoolSettings } from './pool.js'
import { type ScriptFiles, scriptOf } from './script-path.js'

export interface FastCgiSettings extends PoolSettings, ScriptFiles, ConversationSettings {
  readonly params: Variables
}

interface Variables {
  readonly [name: string]: string
}

/** Methods that may be asked twice (RFC 9110, section 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Has a responder such as php-fpm answer requests (FastCGI 1.0). */
export class FastCgiStage implements Stage {
  readonly #settings: FastCgiSettings
  readonly #context: PluginContext
  readonly #pool: ConnectionPool

  constructor(settings: FastCgiSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#pool = new ConnectionPool(settings)
  }

  async handle(exchange: HttpExchange): Promise<boolean> {
    const script = scriptOf(exchange.path, this.#settings)
    if (!script) return false
    const variables = { ...cgiEnvironment(exchange, script), ...script.files, ...this.#settings.params }
    try {
      if (!(await this.#attempt(exchange, variables, false))) await this.#attempt(exchange, variables, true)
    } catch (error) {
      if (exchange.isAborted) return true
      // What the client has of the answer must not look like a whole one.
      if (exchange.isAnswered) exchange.response.destroy()
      throw this.#refusal(error)
    }
    return true
  }

  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal)
    this.#pool.close()
  }

  /** False: the responder had closed the connection before it heard of the request, which may be sent again on a new one. */
  async #attempt(exchange: HttpExchange, variables: Variables, isFresh: boolean): Promise<boolean> {
    const connection = await this.#pool.take(isFresh)
    const { clock } = this.#context
    const conversation = new Conversation({ exchange, connection, settings: this.#settings, clock })
    try {
      await conversation.hold(variables)
      exchange.response.end()
    } catch (error) {
      const isStale = connection.isUsed && !conversation.isHeard && !(error instanceof HttpError)
      if (!isStale || exchange.isAborted || !isRepeatable(exchange)) throw error
      return false
    } finally {
      if (conversation.isOver) this.#pool.rest(connection)
      else connection.destroy()
      this.#tell(conversation, variables)
    }
    return true
  }

  /** Where a responder is, is nothing for a client. */
  #refusal(error: unknown): HttpError {
    if (error instanceof HttpError) return error
    this.#context.log.warn('responder failed', { reason: messageOf(error) })
    return new HttpError(502, 'what is behind this address gave no answer', {
      cause: error,
      reason: 'responder_failed',
    })
  }

  #tell({ errors, appStatus = 0 }: Conversation, { SCRIPT_NAME: script = '' }: Variables): void {
    if (errors !== '' || appStatus !== 0)
      this.#context.log.warn('script had something to say', { script, code: appStatus, text: errors })
    if (appStatus !== 0) this.#context.count('failed_scripts')
  }
}

function isRepeatable(exchange: HttpExchange): boolean {
  return declaredBytes(exchange) === 0 && idempotent.has(exchange.method)
}
