import { hostname } from 'node:os'
import type { Clock } from '../base/clock.js'
import { type Target, targetText } from '../net/target.js'
import { readTlsSettings, type TlsSettings } from '../net/tls-options.js'
import type { PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { MqttClientOptions, MqttConnectOptions } from './client-options.js'
import { type Will, willOf } from './will.js'

/** Whom a client logs in as. */
export interface Credentials {
  readonly username: string | undefined
  readonly password: string | undefined
  /** When a connection with new ones is to take over, in milliseconds since 1970. */
  readonly renewAt?: number
}

/** What a client of a broker is told, whoever it works for. */
export interface ClientSettings {
  readonly target: Target
  /** What errors call the broker. */
  readonly where: string
  readonly version: 4 | 5
  readonly clientId: string
  /** Asked for each connection, so that what expires is made anew. */
  readonly credentials: () => Credentials
  readonly clean: boolean
  /** The first connection begins a new session though later ones go on with it: what an earlier process left behind is unknown. */
  readonly beginsAnew?: boolean
  readonly sessionExpirySeconds: number
  readonly keepaliveSeconds: number
  readonly will: Will | undefined
  /** Path of a WebSocket to speak through. */
  readonly webSocketPath: string | undefined
  readonly connectTimeoutMs: number
  /** Asked for each connection: certificates may have been renewed. */
  readonly tls: () => TlsSettings | undefined
  readonly clock: Clock
}

/** Where the options say that the broker is. */
export function mqttTarget({ host, port, tls, websocket }: MqttConnectOptions): Target {
  const usual = websocket ? { plain: 80, secure: 443 } : { plain: 1883, secure: 8883 }
  return { host, port: port ?? (tls ? usual.secure : usual.plain) }
}

/** Throws an AgentError `MQTT_OPTIONS` for what only together makes no sense. */
export function clientSettings(
  options: MqttClientOptions,
  { id, clock }: Pick<PluginContext, 'id' | 'clock'>,
  target = mqttTarget(options),
): ClientSettings {
  const { username, password } = options
  const version = options.protocol_version === '5' ? 5 : 4
  if (password !== undefined && username === undefined && version === 4) {
    // MQTT 3.1.1, section 3.1.2.9.
    throw new AgentError('MQTT_OPTIONS', 'password: expected a username with it, as MQTT 3.1.1 demands, got none')
  }
  return {
    target,
    where: targetText(target),
    version,
    clientId: options.client_id ?? `sluice-${hostname()}-${id}`,
    credentials: () => ({ username, password }),
    clean: options.clean_session,
    sessionExpirySeconds: Math.ceil(options.session_expiry / 1000),
    keepaliveSeconds: Math.ceil(options.keepalive / 1000),
    will: willOf(options, version),
    webSocketPath: options.websocket ? options['websocket.path'] : undefined,
    connectTimeoutMs: options['net.connect_timeout'],
    tls: () => tlsOf(options),
    clock,
  }
}

function tlsOf(options: MqttConnectOptions): TlsSettings | undefined {
  const settings = readTlsSettings(options)
  const protocols = options['tls.alpn']
  return settings && protocols ? { ...settings, ALPNProtocols: [...protocols] } : settings
}
