import { MqttRefusal, protocolError } from '../wire/mqtt-refusal.js'
import type { Publish } from '../wire/publish.js'

/** The topics that one connection gave numbers to (MQTT 5.0, section 3.3.2.3.4). */
export class TopicAliases {
  readonly #most: number
  readonly #topics: Buffer[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Gives a message with an alias the topic of it, or the alias its topic. Throws an MqttRefusal. */
  resolve(publish: Publish): void {
    const { alias, topicBytes, topicStart, topicEnd } = publish
    if (alias > this.#most)
      throw new MqttRefusal('topic_alias_invalid', `expected an alias of at most ${this.#most}, got ${alias}`)
    if (topicEnd > topicStart) {
      this.#topics[alias] = Buffer.from(topicBytes.subarray(topicStart, topicEnd))
      return
    }
    const known = this.#topics[alias]
    if (!known) throw protocolError(`the topic of alias ${alias} before the alias alone`)
    publish.topicBytes = known
    publish.topicStart = 0
    publish.topicEnd = known.length
  }
}
