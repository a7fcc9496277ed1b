import { readFileSync } from 'node:fs'
import type { Clock } from '../../base/clock.js'
import { AgentError, messageOf } from '../../plugin/errors.js'
import type { Credentials } from '../client-settings.js'
import type { CloudOptions } from './cloud-options.js'
import { jsonWebToken } from './json-web-token.js'
import { sasToken } from './sas-token.js'

/** How much of its life a token has left when the next one is made. */
const spareShare = 0.1

/** How a client logs in where its profile says more than user and password do; each call makes a token of its own. */
export function cloudCredentials(options: CloudOptions, clock: Clock): (() => Credentials) | undefined {
  const { profile } = options
  if (profile === 'azure_iot_hub') return () => azureCredentials(options, clock)
  return profile === 'google_style' ? () => googleCredentials(options, clock) : undefined
}

/** "Communicate with an IoT hub using the MQTT protocol", section "Using the MQTT protocol directly (as a device)". */
function azureCredentials(options: CloudOptions, clock: Clock): Credentials {
  const { host, client_id: device = '', shared_access_key: key } = options
  const username = `${host}/${device}/?api-version=2021-04-12`
  if (key === undefined) return { username, password: undefined } // a certificate says who it is
  const { until, renewAt } = lifetime(options, clock)
  return { username, password: sasToken(`${host}/devices/${device}`, key, until), renewAt }
}

function googleCredentials(options: CloudOptions, clock: Clock): Credentials {
  const { from, until, renewAt } = lifetime(options, clock)
  const claims = { aud: options['jwt.audience'] ?? '', iat: from, exp: until }
  const password = jsonWebToken(claims, readKey(options['jwt.key_file'] ?? ''))
  return { username: options.username ?? 'unused', password, renewAt }
}

/** In seconds since 1970, but for `renewAt`. */
function lifetime({ token_lifetime: lifetimeMs }: CloudOptions, clock: Clock) {
  const now = clock.wall()
  const from = Math.floor(now / 1000)
  return { from, until: from + Math.floor(lifetimeMs / 1000), renewAt: now + lifetimeMs * (1 - spareShare) }
}

function readKey(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new AgentError('MQTT_TOKEN_KEY', `jwt.key_file: ${messageOf(error)}`, { cause: error })
  }
}
