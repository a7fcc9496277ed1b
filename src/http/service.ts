import type { Clock } from '../base/clock.js'
import type { EventTime } from '../event/event-time.js'
import type { EventRecord } from '../event/event.js'
import type { Logger } from '../plugin/context.js'
import type { Latest } from '../plugin/latest.js'
import type { HttpExchange } from './http-exchange.js'
import type { ServiceSocket } from './service-socket.js'

/** A JSON Schema (draft-07). */
export type ServiceSchema = { readonly [keyword: string]: unknown }

/** What the default export of a service's module is. All paths are below the path of its stage. `O` is the type of its options. */
export interface ServiceDefinition<O = unknown> {
  /** What `options` of the configuration must be; defaults are put in. */
  readonly options?: ServiceSchema
  /** `METHOD /path/:part/*`, such as `GET /sensors/:id`. */
  readonly routes?: { readonly [route: string]: ServiceRoute<O> | ServiceHandler<O> }
  /** WebSockets, by their paths. */
  readonly sockets?: { readonly [path: string]: SocketHandlers<O> }
  /** What is done at intervals: `'every 5s'`, `'every 5s: poll the scale'`. An interval begins when the run before it has ended. */
  readonly timers?: { readonly [every: string]: ServiceTask<O> }
  /** Called before the first request is taken. Where it throws, the server fails, and is tried again after a while. */
  start?(service: Service<O>): void | Promise<void>
  /** Called once the last request was answered; clients are closed after it. */
  stop?(service: Service<O>): void | Promise<void>
}

/**
 * Answers a call. What it returns is sent as JSON, unless it has answered by then; nothing at all is a 204. What it throws is a
 * 500 and a line in the log, but an HttpError is the answer that it says.
 */
export type ServiceHandler<O = unknown> = (call: ServiceCall, service: Service<O>) => unknown

export interface ServiceRoute<O = unknown> {
  /** What the body must be: the call is refused with 400, 415 or 422 before the handler is asked. */
  readonly body?: ServiceSchema
  readonly handle: ServiceHandler<O>
}

export type ServiceTask<O = unknown> = (service: Service<O>) => void | Promise<void>

export interface SocketHandlers<O = unknown> {
  open?(socket: ServiceSocket, service: Service<O>): void | Promise<void>
  /** Text as a string, anything else as bytes. While its promise is unsettled no more of that client is read. */
  message?(socket: ServiceSocket, message: string | Buffer, service: Service<O>): void | Promise<void>
  close?(socket: ServiceSocket, service: Service<O>): void | Promise<void>
}

/** One request, and its answer. */
export interface ServiceCall {
  readonly method: string
  /** What the parts of the route's path stand for. */
  readonly params: { readonly [name: string]: string }
  readonly query: URLSearchParams
  /** The JSON of the body where the route has a schema for it, else undefined. */
  readonly body: unknown
  /** Whom an `auth` stage found this to be. */
  readonly user: string | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** All there is to know of the request, and other ways to answer it. */
  readonly exchange: HttpExchange
  header(name: string): string | undefined
  reply(status: number, body?: string | Uint8Array, headers?: { readonly [name: string]: string }): void
  json(value: unknown, status?: number): void
  html(text: string, status?: number): void
  /** Refuses the call, with a problem document (RFC 9457). */
  problem(status: number, detail: string): void
}

/** What a service has of the agent. */
export interface Service<O = unknown> {
  /** Of the stage, such as `service.0`. */
  readonly id: string
  /** Of the configuration, with the defaults of the schema. */
  readonly options: O
  readonly log: Logger
  readonly clock: Clock
  /** Aborted when the service stops. */
  readonly signal: AbortSignal
  readonly state: ServiceState
  /** The last values that the agent knows of. */
  readonly latest: Latest
  /** Puts an event into the pipeline; the time is now unless given. False while there is no room: it was taken all the same. */
  emit(tag: string, record: EventRecord, time?: EventTime): boolean
  /** The same; resolves once the promise of the server's `ack` holds, and rejects where it was broken. */
  emitAcked(tag: string, record: EventRecord, time?: EventTime): Promise<void>
  /** Sends to all WebSockets of a path. */
  broadcast(path: string, message: unknown): void
  /**
   * The client of a database, from a package that is installed where the module of the service is: `better-sqlite3` or what Node
   * has (`{ path }`), `ioredis` or `redis`, `mysql2`, `pg`, each with the settings of its own. Closed when the service stops.
   */
  client<T = unknown>(kind: ClientKind, settings?: { readonly [name: string]: unknown }): Promise<T>
}

export type ClientKind = 'sqlite' | 'redis' | 'mysql' | 'postgres'

/** Small values that outlive a restart where the agent has a `storage.path`: whatever JSON can hold. */
export interface ServiceState {
  get(key: string): unknown
  /** Throws an AgentError `SERVICE_STATE` for more than 16 KiB. Written to disk soon; `flush` waits for it. */
  set(key: string, value: unknown): void
  delete(key: string): void
  flush(): Promise<void>
}

/** Gives a service its type, and its options theirs: `defineService<{ unit: string }>({ … })`. A plain object does as well. */
export function defineService<O = unknown>(definition: ServiceDefinition<O>): ServiceDefinition<O> {
  return definition
}
