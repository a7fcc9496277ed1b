import type { Duplex } from 'node:stream'

import type { Clock } from '../../base/clock.js'
import { openEventStream } from '../../http/event-stream.js'
import { unavailable } from '../../http/http-error.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { Stage } from '../../http/stage.js'
import { acceptWebSocket } from '../../http/web-socket.js'
import type { Logger } from '../../plugin/context.js'
import type { Tap } from './tap.js'
import { TapClient, type TapSink } from './tap-client.js'
import { readTapQuery, type TapQuery } from './tap-query.js'

export interface TapParts {
  readonly tap: Tap
  readonly clock: Clock
  readonly log: Logger
}

const mostClients = 16

/** What waits for one client that reads too slowly. */
const limitBytes = 256 * 1024

/** Clients have nothing to say. */
const messageBytes = 1024

const path = '/tap'

/** Live events, as server-sent events or over a WebSocket. */
export function tapStage(parts: TapParts): Stage {
  return {
    handle(exchange) {
      if (exchange.path !== path) return false
      if (exchange.method !== 'GET')
        return exchange.problem(405, `expected GET, got ${exchange.method}`, { allow: 'GET' })
      streamEvents(exchange, parts)
      return true
    },
    onUpgrade(exchange, socket, head) {
      return exchange.path === path && sendMessages(exchange, socket, head, parts)
    },
  }
}

function streamEvents(exchange: HttpExchange, { tap, clock }: TapParts): void {
  const query = queryOf(exchange, tap)
  const stream = openEventStream(exchange, { clock, limitBytes })
  const sink: TapSink = {
    get dropped() {
      return stream.dropped
    },
    event: (data) => stream.send({ data }),
    lost: (count) => stream.send({ event: 'dropped', data: String(count) }),
  }
  watch(tap, new TapClient(query, clock, sink), stream.closed)
}

async function sendMessages(
  exchange: HttpExchange,
  socket: Duplex,
  head: Buffer,
  { tap, clock, log }: TapParts,
): Promise<boolean> {
  const query = queryOf(exchange, tap)
  const peer = await acceptWebSocket(exchange, socket, head, { clock, log, limitBytes, messageBytes })
  const sink: TapSink = {
    get dropped() {
      return peer.dropped
    },
    event: (json) => peer.send(json),
    lost: (count) => peer.send(`{"dropped":${count}}`),
  }
  watch(tap, new TapClient(query, clock, sink), peer.closed)
  return true
}

function queryOf({ query }: HttpExchange, tap: Tap): TapQuery {
  if (tap.clients >= mostClients) throw unavailable(`there are ${mostClients} clients already`, 10, 'too_many_taps')
  return readTapQuery(query)
}

function watch(tap: Tap, client: TapClient, closed: Promise<void>): void {
  tap.add(client)
  void closed.then(() => tap.remove(client))
}
