import type { Ack } from '../../plugin/context.js'
import type { Publish } from '../wire/publish.js'
import type { Reason } from '../wire/reasons.js'

/** Where messages go. Those of one read are taken one by one and handed over together. */
export interface Inlet {
  /** Takes a message, whose bytes are lent: `success`, or why not; then it has counted that. Throws an MqttRefusal for a topic that is none. */
  take(publish: Publish): Reason
  /**
   * Hands over what was taken since it was last called. `told` is called exactly once: when the promise of the `ack` level holds for
   * all of it, which may be before this returns, or with an error when it was broken for some.
   */
  flush(told?: Ack): void
}
