import type { ClientSettings } from '../client-settings.js'
import type { Inlet } from '../receive/inlet.js'
import type { Unreleased } from '../receive/unreleased.js'
import type { ServerContext } from '../server/server-settings.js'
import type { SubscriberLimits } from './client-packets.js'

export interface SubscriberSettings {
  readonly client: ClientSettings
  readonly filters: readonly string[]
  /** Highest quality of service that is asked for. */
  readonly qos: number
  readonly limits: SubscriberLimits
  readonly inlet: Inlet
}

export interface SubscriberParts extends SubscriberSettings {
  readonly context: ServerContext
  readonly unreleased: Unreleased
  /** For the connection that there is by now. */
  readonly sendLate: (bytes: Buffer) => void
}
