/**
 * Requests that become events: what the input `http` and the stage `ingest` share.
 * @module
 */

export { ingestOptions, type IngestSettings } from './ingest-options.js'
export { ingestCodecs } from './apis/apis.js'
export { ingestStage } from './ingest-stage.js'
