import type { MqttConnection } from 'sluice/mqtt'
import { AgentError, type Clock } from 'sluice/plugin'
import { fromWire } from 'sluice/protobuf'
import {
  type EdgeNode,
  type HostState,
  type MessageType,
  payload,
  readHostState,
  sparkplugTopic,
  stateTopic,
} from 'sluice/sparkplug'
import type { EdgeModel, Report } from './edge-model.js'
import { dataPayload, deviceBirth, nodeBirth, nodeDeath, rebirthName } from './payloads.js'
import { Rebirths } from './rebirths.js'

export interface EdgeSettings {
  /** What errors call the broker. */
  readonly where: string
  readonly edge: EdgeNode
  readonly primaryHost: string | undefined
  readonly historicalAfterMs: number
  /** Longest that nothing may move. */
  readonly ackTimeoutMs: number
  readonly clock: Clock
  readonly reborn: () => void
}

/** How many messages may wait for the kernel. */
const mostUnwritten = 16

/**
 * One connection of an edge node, from its birth to its death. Sequence numbers count what is published, so there is one place
 * that publishes, and it never waits between taking a number and writing.
 */
export class EdgeSession {
  readonly #connection: MqttConnection
  readonly #model: EdgeModel
  readonly #settings: EdgeSettings
  readonly #bdSeq: number
  readonly #bornDevices = new Set<string>()
  readonly #rebirths: Rebirths
  #isBorn = false
  #seq = 0
  #unwritten = 0
  #host: HostState | undefined

  constructor(connection: MqttConnection, model: EdgeModel, settings: EdgeSettings, bdSeq: number) {
    this.#connection = connection
    this.#model = model
    this.#settings = settings
    this.#bdSeq = bdSeq
    this.#rebirths = new Rebirths(settings.clock, () => {
      settings.reborn()
      this.#bear()
    })
    void connection.ended.then(() => this.#rebirths.close())
  }

  get usable(): boolean {
    return this.#connection.usable
  }

  /** Whether there is somebody to report to; always so without a primary host. */
  get isAwaited(): boolean {
    return this.#settings.primaryHost === undefined || this.#host?.isOnline === true
  }

  /** Asks for commands, and for the state of the primary host, which is there once this resolves. */
  subscribe(signal: AbortSignal): Promise<void> {
    return this.#within(signal, () => this.#subscribe())
  }

  /** Publishes reports in order, after the births that they need. Resolves when the broker has read all of it. */
  report(reports: Iterable<Report>, signal: AbortSignal): Promise<void> {
    return this.#within(signal, () => this.#report(reports))
  }

  /** An end that was meant tells of it itself (Sparkplug 3.0, section 6.4.21). */
  async close(): Promise<void> {
    this.#rebirths.close()
    if (this.usable && this.#isBorn) this.#publish('NDEATH', nodeDeath(this.#bdSeq, this.#now()))
    await this.#connection.close()
  }

  #within(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { ackTimeoutMs, where } = this.#settings
    const late = (): AgentError =>
      new AgentError(
        'SPARKPLUG_NO_ANSWER',
        `${where}: nothing taken or answered within ${ackTimeoutMs} ms (ack_timeout)`,
      )
    return this.#connection.exchange.within({ timeoutMs: ackTimeoutMs, late, signal }, work)
  }

  async #subscribe(): Promise<void> {
    const { edge, primaryHost } = this.#settings
    const topics = [sparkplugTopic(edge, 'NCMD'), ...(primaryHost === undefined ? [] : [stateTopic(primaryHost)])]
    const { client, exchange } = this.#connection
    client.on('message', (topic, bytes) => this.#received(topic, bytes))
    let isDone = false
    client.subscribe(topics, { qos: 1 }, (error) => {
      if (error) exchange.fail(new AgentError('SPARKPLUG_SUBSCRIBE', `${this.#settings.where}: ${error.message}`))
      isDone = true
      exchange.moved()
    })
    await exchange.until(() => isDone)
    // What the broker keeps of the topics comes before its answer to this.
    await this.#connection.ping()
  }

  async #report(reports: Iterable<Report>): Promise<void> {
    this.#bearWhatChanged()
    for (const report of reports) {
      await this.#connection.exchange.until(() => this.#unwritten < mostUnwritten)
      this.#publishData(report)
    }
    await this.#connection.ping()
  }

  #bearWhatChanged(): void {
    if (!this.#isBorn || this.#model.node.isChanged) return this.#bear()
    for (const [device, metrics] of this.#model.devices) {
      if (metrics.isChanged || !this.#bornDevices.has(device)) this.#bearDevice(device)
    }
  }

  /** A birth of the node ends what was known of its devices (section 6.4.19). */
  #bear(): void {
    this.#seq = 0
    this.#isBorn = true
    this.#model.node.isChanged = false
    this.#publish('NBIRTH', nodeBirth(this.#model.node, this.#bdSeq, this.#now()))
    for (const device of this.#model.devices.keys()) this.#bearDevice(device)
  }

  #bearDevice(device: string): void {
    const metrics = this.#model.set(device)
    metrics.isChanged = false
    this.#bornDevices.add(device)
    this.#publish('DBIRTH', deviceBirth(metrics, this.#nextSeq(), this.#now()), device)
  }

  #publishData({ device, samples }: Report): void {
    const metrics = this.#model.set(device)
    const now = this.#now()
    const historicalBefore = now - this.#settings.historicalAfterMs
    const bytes = dataPayload(metrics, samples, { seq: this.#nextSeq(), now, historicalBefore })
    for (const sample of samples) metrics.note(sample)
    this.#publish(device === undefined ? 'NDATA' : 'DDATA', bytes, device)
  }

  /** After 255 comes 0 (section 6.4.5). */
  #nextSeq(): number {
    this.#seq = (this.#seq + 1) % 256
    return this.#seq
  }

  #publish(type: MessageType, bytes: Uint8Array, device?: string): void {
    const { client, exchange } = this.#connection
    this.#unwritten++
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    client.publish(sparkplugTopic(this.#settings.edge, type, device), buffer, { qos: 0 }, (error) => {
      this.#unwritten--
      if (error) exchange.fail(new AgentError('SPARKPLUG_NOT_SENT', `${this.#settings.where}: ${error.message}`))
      exchange.moved()
    })
  }

  #received(topic: string, bytes: Uint8Array): void {
    const { edge, primaryHost } = this.#settings
    if (topic === sparkplugTopic(edge, 'NCMD')) this.#command(bytes)
    else if (primaryHost !== undefined && topic === stateTopic(primaryHost)) this.#hostTold(readHostState(bytes))
  }

  #command(bytes: Uint8Array): void {
    if (this.#isBorn && asksForRebirth(bytes)) this.#rebirths.ask()
  }

  /** What is older than what is known comes from a host that did not notice that it was replaced (section 6.4.25). */
  #hostTold(state: HostState | undefined): void {
    if (!state || state.timestamp < (this.#host?.timestamp ?? 0)) return
    this.#host = state
    if (!state.isOnline && this.#isBorn) void this.close()
  }

  #now(): number {
    return Math.floor(this.#settings.clock.wall())
  }
}

/** A command that is none is nobody's. */
function asksForRebirth(bytes: Uint8Array): boolean {
  try {
    return fromWire(payload, bytes).metrics.some(
      ({ name, booleanValue }) => name === rebirthName && booleanValue === true,
    )
  } catch {
    return false // it is no payload
  }
}
