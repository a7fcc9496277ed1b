/**
 * MQTT for plugins: clients of a broker, over the package `mqtt`; and the receiving half of the protocol, for a server that takes what
 * clients publish and for subscribers.
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
export type { Inlet } from './receive/inlet.js'
export { MqttSubscriber } from './subscribe/mqtt-subscriber.js'
export type { SubscriberSettings } from './subscribe/subscriber-settings.js'
export { Door } from './server/door.js'
export { MqttServer, type MqttServerSettings } from './server/mqtt-server.js'
export { MqttRefusal } from './wire/mqtt-refusal.js'
export { Publish } from './wire/publish.js'
export type { Reason } from './wire/reasons.js'
export { isTopicFilter, topicMatches, topicName } from './wire/topic.js'
