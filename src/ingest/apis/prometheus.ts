import { HttpError } from '../../http/http-error.js'
import type { HttpExchange } from '../../http/http-exchange.js'
import type { InputContext, Parsed, Parser } from '../../plugin/context.js'
import { mediaType } from '../content.js'
import type { Endpoint } from '../endpoint.js'
import { unpacking } from '../unpacking.js'
import type { Api } from './api.js'

/** The messages of remote write 1.0 and 2.0, as the parameter `proto` of a Content-Type names them. */
const protos = ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'] as const

type Proto = (typeof protos)[number]

/** Prometheus Remote-Write 1.0 and 2.0 specifications, which share a path. */
export function prometheus(context: InputContext): Api {
  return { endpoints: { 'POST /api/v1/write': () => new WriteEndpoint(context) } }
}

class WriteEndpoint implements Endpoint {
  readonly packed = 'snappy'
  readonly #context: InputContext
  #histograms = 0

  constructor(context: InputContext) {
    this.#context = context
  }

  reading(exchange: HttpExchange): Parser {
    const options = { proto: protoOf(exchange), max_unpacked: exchange.limits.inflatedBytes }
    const parser = unpacking(this.#context.parser('prometheus_remote_write', options), exchange)
    return { ...parser, parse: (body) => this.#counted(parser.parse(body)) }
  }

  accept(exchange: HttpExchange, count: number): true {
    return exchange.reply(204, '', this.#written(exchange, count))
  }

  refuse(exchange: HttpExchange, { status, headers, message }: HttpError): true {
    return exchange.reply(status, `${message}\n`, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  }

  /** A sender of 2.0 takes what is not told here for lost (Remote-Write 2.0, "Required Written Response Headers"). */
  #written(exchange: HttpExchange, count: number): { readonly [name: string]: string } {
    if (protoOf(exchange) === protos[0]) return {}
    return {
      'x-prometheus-remote-write-samples-written': String(count - this.#histograms),
      'x-prometheus-remote-write-histograms-written': String(this.#histograms),
    }
  }

  *#counted(events: Iterable<Parsed>): Iterable<Parsed> {
    for (const event of events) {
      if ('schema' in event.record) this.#histograms++
      yield event
    }
  }
}

/** Senders of 1.0 may say nothing, or no more than that it is protocol buffers. */
function protoOf(exchange: HttpExchange): Proto {
  const type = exchange.header('content-type') ?? ''
  const named = /;\s*proto="?([\w.]+)"?/i.exec(type)?.[1] ?? protos[0]
  const proto = protos.find((each) => each === named)
  if (proto && ['', 'application/x-protobuf'].includes(mediaType(type))) return proto
  const expected = `application/x-protobuf with a proto of ${protos.join(' or ')}`
  throw new HttpError(415, `content-type: expected ${expected}, got "${type.slice(0, 80)}"`, { reason: 'unknown_type' })
}
