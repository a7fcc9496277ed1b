import type { InputContext } from '../../plugin/context.js'
import type { Inlet } from '../receive/inlet.js'
import type { Door } from './door.js'
import type { Sessions } from './sessions.js'

/** What clients may do. */
export interface ServerLimits {
  readonly maxPacketBytes: number
  /** Messages of QoS 1 and 2 of one client that may wait for their acknowledgement. */
  readonly receiveMaximum: number
  readonly topicAliasMaximum: number
  /** Longest from the beginning of a connection to the end of its CONNECT. */
  readonly connectTimeoutMs: number
  /** Longest that a packet may take to come, or answers to be taken. */
  readonly stallMs: number
  /** Longest that a session stays without a connection. */
  readonly sessionMs: number
  /** A client of MQTT 5 that wants a longer one, or none, is told this; 0 for no limit. */
  readonly maxKeepAliveSeconds: number
}

export type ServerContext = Pick<
  InputContext,
  'clock' | 'log' | 'count' | 'reserve' | 'release' | 'hasRoom' | 'room' | 'id'
>

/** What all connections of a server share. */
export interface ServerParts {
  readonly limits: ServerLimits
  readonly context: ServerContext
  readonly inlet: Inlet
  readonly door: Door
  readonly sessions: Sessions
}
