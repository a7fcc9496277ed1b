/**
 * MQTT for plugins that are clients of a broker: options, sessions and connections over the package `mqtt`.
 * @module
 */

export { cloudCredentials } from './cloud/cloud-credentials.js'
export { type CloudOptions, cloudOptions } from './cloud/cloud-options.js'
export { type Profile, profileOf, withProfile } from './cloud/profiles.js'
export type { BrokerLimits } from './broker-limits.js'
export {
  type MqttClientOptions,
  mqttClientOptions,
  type MqttConnectOptions,
  mqttConnectOptions,
} from './client-options.js'
export { type ClientSettings, clientSettings, type Credentials, mqttTarget } from './client-settings.js'
export type { Draft, Message } from './message.js'
export { MqttConnection } from './mqtt-connection.js'
export { MqttSession } from './mqtt-session.js'
export { packetBytes } from './packet-bytes.js'
export { type Progress, Publisher, type PublisherSettings } from './publisher.js'
export type { PublishProperties } from './publish-properties.js'
export type { Will } from './will.js'
