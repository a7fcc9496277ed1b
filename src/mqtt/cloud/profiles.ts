import { AgentError } from '../../plugin/errors.js'
import type { CloudOptions } from './cloud-options.js'

/** What a kind of broker takes. */
export interface Profile {
  readonly maximumQos: 0 | 1 | 2
  readonly maximumMessageBytes: number
  readonly versions: readonly string[]
}

const profiles: { readonly [P in NonNullable<CloudOptions['profile']>]: Profile } = {
  // "AWS IoT Core message broker and protocol limits and quotas".
  aws_iot: { maximumQos: 1, maximumMessageBytes: 128 * 1024, versions: ['3.1.1', '5'] },
  // "IoT Hub quotas and throttling": device-to-cloud messages; "Communicate with an IoT hub using the MQTT protocol".
  azure_iot_hub: { maximumQos: 1, maximumMessageBytes: 256 * 1024, versions: ['3.1.1'] },
  google_style: { maximumQos: 1, maximumMessageBytes: 256 * 1024, versions: ['3.1.1', '5'] },
}

/** ALPN by which AWS IoT Core knows MQTT with certificates on the port of HTTPS ("Device communication protocols"). */
const awsProtocol = 'x-amzn-mqtt-ca'

export function profileOf({ profile }: Pick<CloudOptions, 'profile'>): Profile | undefined {
  return profile === undefined ? undefined : profiles[profile]
}

/** The options with what their profile adds to them. Throws an AgentError `MQTT_PROFILE` for what its brokers do not take. */
export function withProfile<O extends CloudOptions>(options: O): O {
  const { profile } = options
  if (profile === undefined) return options
  const known = profiles[profile]
  require(profile, options.tls, 'tls: on')
  require(profile, known.versions.includes(options.protocol_version), `protocol_version: '${known.versions[0]}'`)
  for (const [condition, wanted] of needs[profile](options)) require(profile, condition, wanted)
  const usesHttpsPort = profile === 'aws_iot' && options.port === 443 && options['tls.alpn'] === undefined
  return usesHttpsPort ? { ...options, 'tls.alpn': [awsProtocol] } : options
}

type Need = readonly [condition: boolean, wanted: string]

const needs: { readonly [P in NonNullable<CloudOptions['profile']>]: (options: CloudOptions) => readonly Need[] } = {
  aws_iot: (options) => [[hasCertificate(options), 'tls.crt_file and tls.key_file']],
  azure_iot_hub: (options) => [
    [options.client_id !== undefined, 'client_id, which is the id of the device'],
    [
      options.shared_access_key !== undefined || hasCertificate(options),
      'shared_access_key, or tls.crt_file and tls.key_file',
    ],
  ],
  google_style: (options) => [
    [options.client_id !== undefined, 'client_id'],
    [options['jwt.key_file'] !== undefined, 'jwt.key_file'],
    [options['jwt.audience'] !== undefined, 'jwt.audience'],
  ],
}

function hasCertificate(options: CloudOptions): boolean {
  return options['tls.crt_file'] !== undefined && options['tls.key_file'] !== undefined
}

function require(profile: string, condition: boolean, wanted: string): void {
  if (!condition) throw new AgentError('MQTT_PROFILE', `profile: ${profile} needs ${wanted}`)
}
