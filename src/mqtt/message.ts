import type { PublishProperties } from './publish-properties.js'

/** One event as it is to be published. */
export interface Draft {
  readonly topic: string
  readonly payload: Uint8Array
  readonly properties: PublishProperties | undefined
}

/** What one PUBLISH says, and the places in their batch of the events that it holds. */
export interface Message extends Draft {
  readonly events: readonly number[]
}
