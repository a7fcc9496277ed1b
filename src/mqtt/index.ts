/**
 * MQTT for plugins that are clients of a broker: options, sessions and connections over the package `mqtt`.
 * @module
 */

export type { BrokerLimits } from './broker-limits.js'
export { type MqttClientOptions, mqttClientOptions } from './client-options.js'
export { type ClientSettings, clientSettings, type Credentials, mqttTarget } from './client-settings.js'
export { MqttConnection } from './mqtt-connection.js'
export { MqttSession } from './mqtt-session.js'
export type { PublishProperties } from './publish-properties.js'
export type { Will } from './will.js'
