import {
  type Ack,
  EntryWriter,
  type EventRecord,
  type EventTime,
  type InputContext,
  isRecord,
  messageOf,
  readJson,
  toEventTime,
  type Value,
} from 'sluice/plugin'
import { gatewaysOf } from './devices.js'
import type { LorawanOptions } from './options.js'
import { Packets } from './packets.js'
import { gatewayTime, statFields } from './radio-fields.js'
import { type Datagram, readDatagram } from './semtech.js'

/** Datagrams of gateways to events: those of one are emitted in one piece. */
export class GatewayEvents {
  readonly #options: LorawanOptions
  readonly #context: InputContext
  readonly #gateways: ReadonlySet<string> | undefined
  readonly #packets: Packets
  readonly #writer = new EntryWriter()

  constructor(options: LorawanOptions, context: InputContext) {
    this.#options = options
    this.#context = context
    this.#gateways = gatewaysOf(options.gateways)
    this.#packets = new Packets(options, context)
  }

  /** Calls `answer` with the acknowledgement once it is true. */
  take(bytes: Buffer, answer: (ack: Uint8Array) => void): void {
    if (bytes.length > this.#options.max_datagram) return this.#context.drop('too_long', 1)
    const datagram = readDatagram(bytes)
    if (!datagram) return this.#context.drop('invalid', 1)
    if (this.#gateways?.has(datagram.gateway) === false) return this.#context.drop('gateway_not_allowed', 1)
    const { kind, ack } = datagram
    const taken: Ack = (error) => {
      if (!error && ack) answer(ack)
    }
    if (kind === 'push') return this.#push(datagram, taken)
    this.#context.count(kind === 'pull' ? 'pulls' : 'tx_acks')
    taken()
  }

  #push({ gateway, body }: Datagram, taken: Ack): void {
    const content = this.#contentOf(body)
    if (!content) return
    const packets = content['rxpk'] ?? []
    const stat = this.#options.stat ? content['stat'] : undefined
    const now = toEventTime(this.#context.clock.wall())
    let count = 0
    for (const packet of Array.isArray(packets) ? (packets as readonly Value[]) : [packets])
      for (const record of this.#packets.recordsOf(packet, gateway)) count += this.#write(record, now)
    if (isRecord(stat)) count += this.#write({ gateway, message: 'stat', ...statFields(stat) }, now)
    if (count === 0) return taken()
    this.#context.emitEntries(this.#options.tag, this.#writer.peek(), count, taken)
    this.#writer.clear()
  }

  #write(record: EventRecord, now: EventTime): number {
    const { seconds, nanoseconds } = (this.#options.event_time === 'gateway' && gatewayTime(record)) || now
    this.#writer.writeEvent(seconds, nanoseconds, record)
    return 1
  }

  #contentOf(body: Uint8Array): EventRecord | undefined {
    try {
      const content = readJson(body)
      if (isRecord(content)) return content
    } catch (error) {
      this.#context.log.warn('dropping a datagram that is no JSON', { reason: messageOf(error) })
    }
    this.#context.drop('invalid', 1)
    return undefined
  }
}
