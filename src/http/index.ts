/**
 * The embedded HTTP stack for plugins: servers, their stages and routes.
 * @module
 */

export { clientOf } from './client-of.js'
export { aborted } from './aborted.js'
export { declaredBytes } from './body.js'
export { answerFromCgi, type CgiHead, parseCgiHead } from './cgi-answer.js'
export { cgiEnvironment, decodedPath, type Environment, type ScriptPlace } from './cgi-environment.js'
export type { Connection } from './connection.js'
export { defineStage, type StageContext, type StageDefinition } from './define-stage.js'
export { endToEnd, type Fields } from './end-to-end.js'
export { appended, forwardedFields, withoutForwarded } from './forwarded.js'
export { type EventStream, type EventStreamSettings, openEventStream, type ServerSentEvent } from './event-stream.js'
export { type Exposition, expositionFor, type Family, type Sample } from './exposition.js'
export { HttpError, type HttpErrorParts, type ProblemFields, unavailable } from './http-error.js'
export type { HttpExchange } from './http-exchange.js'
export {
  type HttpServerOptions,
  httpServerOptions,
  limitOptions,
  readLimits,
  readServerOptions,
} from './http-options.js'
export type { HttpServerSettings } from './http-server.js'
export type { HttpLimits } from './limits.js'
export { readJsonBody } from './json-body.js'
export { jsonText } from './json-text.js'
export { IdleDeadline } from './idle-deadline.js'
export { nodeHttp } from './node-http.js'
export { FixedAccount, type MemoryAccount } from './memory-account.js'
export { parseTarget, type RequestTarget } from './request-target.js'
export { type BodyTaker, passBody, writable } from './pass-body.js'
export { pathBelow } from './path-below.js'
export { type Handler, routerOf, type Routes } from './router.js'
export { serveHttp } from './serve-http.js'
export { shareServer } from './share-server.js'
export { hasDotSegment, normalPath } from './normal-path.js'
export type { ServerContext } from './server-context.js'
export {
  type ClientKind,
  defineService,
  type Service,
  type ServiceCall,
  type ServiceDefinition,
  type ServiceHandler,
  type ServiceRoute,
  type ServiceSchema,
  type ServiceState,
  type ServiceTask,
  type SocketHandlers,
} from './service.js'
export type { ServiceSocket } from './service-socket.js'
export { loadService, placeIn } from './load-service.js'
export type { Owned, Place, PlacedStage, Stage } from './stage.js'
export { acceptWebSocket, type WebSocketSettings } from './web-socket.js'
export type { WebSocketPeer } from './web-socket-peer.js'
