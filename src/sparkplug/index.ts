/**
 * Sparkplug B for plugins: payloads, the types of metrics, topics.
 * @module
 */

export { type DataType, dataTypes, metricValue, typeOfValue, valueFields, type WrittenType } from './data-type.js'
export { type HostState, readHostState } from './host-state.js'
export { type Metric, payload, type Payload } from './payload.js'
export { type EdgeNode, type MessageType, requireId, sparkplugTopic, stateTopic, toId } from './topics.js'
