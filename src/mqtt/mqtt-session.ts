import type { IClientOptions, MqttClient } from 'mqtt'
import type { Duplex } from 'node:stream'
import type { ClientSettings, Credentials } from './client-settings.js'
import { MqttConnection } from './mqtt-connection.js'
import { openTransport } from './transport.js'

/** Deadlines and retries are those of whoever holds the session, so the library is to have none. */
const noLimitMs = 2 ** 31 - 1

/**
 * A session of a client with its broker (MQTT 5.0, section 4.1), one connection after the other. A clean one ends with each
 * connection. Any other keeps what was sent and not acknowledged: the next connection sends it again with the packet identifiers
 * that it had, as QoS 2 needs it, and the callbacks of `publish` are called then.
 */
export class MqttSession {
  readonly #settings: ClientSettings
  #client: MqttClient | undefined
  #connection: MqttConnection | undefined
  #stream: Duplex | undefined
  #isNew: boolean

  constructor(settings: ClientSettings) {
    this.#settings = settings
    this.#isNew = settings.beginsAnew ?? false
  }

  /**
   * A new connection, after the one before has ended. Throws an AgentError: what `connect` and `openWebSocket` of sluice/net throw,
   * `MQTT_REFUSED` where the broker lets us not in, `MQTT_NO_CONNACK`, `MQTT_CLOSED`.
   */
  async connect(signal: AbortSignal, target = this.#settings.target): Promise<MqttConnection> {
    await this.#left(signal)
    if (this.#isNew && this.#settings.version === 4) await this.#clear(signal, target)
    const connection = await this.#connect(signal, target, this.#settings.clean || this.#isNew)
    this.#isNew = false
    return connection
  }

  /** MQTT 3.1.1 has no session that begins anew and stays: a clean one takes the old one away (section 3.1.2.4). */
  async #clear(signal: AbortSignal, target: ClientSettings['target']): Promise<void> {
    const connection = await this.#connect(signal, target, true)
    await Promise.all([connection.close(), this.#left(signal)])
    this.#isNew = false
  }

  /** The connection before is gone; one that is wanted no more once the signal is aborted does not get the time to end. */
  async #left(signal: AbortSignal): Promise<void> {
    const connection = this.#connection
    const abort = (): void => connection?.exchange.fail(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    try {
      await connection?.ended
    } finally {
      signal.removeEventListener('abort', abort)
    }
    signal.throwIfAborted()
  }

  async #connect(signal: AbortSignal, target: ClientSettings['target'], clean: boolean): Promise<MqttConnection> {
    const credentials = this.#settings.credentials()
    // Before there is a connection: one that breaks while nobody listens yet would be taken for a silent one.
    const client = await this.#clientToUse()
    const stream = await openTransport({ ...this.#settings, target }, signal)
    this.#stream = stream
    Object.assign(client.options, { ...definedOf(credentials), clean })
    const connection = new MqttConnection(client, stream, this.#settings, credentials.renewAt)
    this.#connection = connection
    await connection.open(signal)
    return connection
  }

  async #clientToUse(): Promise<MqttClient> {
    if (!this.#client || this.#settings.clean) this.#client = await this.#create()
    return this.#client
  }

  async #create(): Promise<MqttClient> {
    const { MqttClient: Client } = await import('mqtt')
    const client = new Client(() => this.#stream as Duplex, libraryOptions(this.#settings))
    // An error that nobody listens for would end the process.
    client.on('error', () => undefined)
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack' && !packet.sessionPresent) forget(client)
    })
    return client
  }
}

/** The broker knows nothing of what was under way: an acknowledgement of it now would be of nothing (MQTT 5.0, section 3.2.2.1.1). */
function forget(client: MqttClient): void {
  for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id))
}

function libraryOptions(settings: ClientSettings): IClientOptions {
  const { version, clientId, clean, sessionExpirySeconds, keepaliveSeconds, will } = settings
  return {
    protocolVersion: version,
    clientId,
    keepalive: keepaliveSeconds,
    ...(will ? { will } : {}),
    ...(version === 5 && !clean ? { properties: { sessionExpiryInterval: sessionExpirySeconds } } : {}),
    manualConnect: true,
    reconnectPeriod: 0,
    connectTimeout: noLimitMs,
    queueQoSZero: false,
    resubscribe: false,
    log: () => undefined,
  }
}

function definedOf({ username, password }: Credentials): Partial<IClientOptions> {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}
