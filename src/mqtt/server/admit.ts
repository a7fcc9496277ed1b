import { randomUUID } from 'node:crypto'
import type { Connect } from '../wire/connect-packet.js'
import { MqttRefusal } from '../wire/mqtt-refusal.js'
import { admitted } from './answers.js'
import type { ServerParts } from './server-settings.js'
import type { Session, SessionOwner } from './session.js'

/** Longer ones would make sessions dear. */
const longestClientId = 1024

export interface Entry {
  readonly session: Session
  /** The CONNACK. */
  readonly welcome: Buffer
  /** After how much silence the client is gone; 0 for never. */
  readonly keepAliveSeconds: number
}

/** Opens the session of a client that may come in. Throws an MqttRefusal. */
export function admit(connect: Connect, owner: SessionOwner, { limits, sessions }: ServerParts): Entry {
  const clientId = clientIdOf(connect)
  const sessionSeconds = Math.min(connect.sessionSeconds, Math.floor(limits.sessionMs / 1000))
  const keepAliveSeconds = keepAliveOf(connect, limits.maxKeepAliveSeconds)
  const { session, isPresent } = sessions.open(clientId, connect.clean, owner)
  session.lifetimeMs = sessionSeconds * 1000
  const assignedClientId = clientId === connect.clientId ? undefined : clientId
  const welcome = admitted(connect, { isPresent, sessionSeconds, keepAliveSeconds, assignedClientId }, limits)
  return { session, welcome, keepAliveSeconds }
}

/** MQTT 5.0, section 3.1.3.1; in 3.1.1 a client without an identifier has no session either. */
function clientIdOf({ clientId, version, clean }: Connect): string {
  if (Buffer.byteLength(clientId) > longestClientId || (clientId === '' && version === 4 && !clean))
    throw new MqttRefusal(
      'client_identifier_not_valid',
      `expected a client identifier of 1 to ${longestClientId} bytes`,
    )
  return clientId === '' ? `sluice-${randomUUID()}` : clientId
}

/** Only a client of MQTT 5 can be told another one (section 3.2.2.3.14). */
function keepAliveOf({ version, keepAliveSeconds }: Connect, most: number): number {
  if (version === 4 || most === 0) return keepAliveSeconds
  return keepAliveSeconds === 0 ? most : Math.min(keepAliveSeconds, most)
}
