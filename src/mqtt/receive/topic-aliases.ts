import { MqttRefusal, protocolError } from '../wire/mqtt-refusal.js'
import type { PacketMemory } from '../wire/packet-cutter.js'
import type { Publish } from '../wire/publish.js'

/** The topics that one connection gave numbers to (MQTT 5.0, section 3.3.2.3.4); they count to the memory until it ends. */
export class TopicAliases {
  readonly #most: number
  readonly #memory: PacketMemory
  readonly #topics: (Buffer | undefined)[] = []
  #heldBytes = 0

  constructor(most: number, memory: PacketMemory) {
    this.#most = most
    this.#memory = memory
  }

  /** Gives a message with an alias the topic of it, or the alias its topic. Throws an MqttRefusal. */
  resolve(publish: Publish): void {
    const { alias, topicBytes, topicStart, topicEnd } = publish
    if (alias > this.#most)
      throw new MqttRefusal('topic_alias_invalid', `expected an alias of at most ${this.#most}, got ${alias}`)
    if (topicEnd > topicStart) return this.#keep(alias, topicBytes.subarray(topicStart, topicEnd))
    const known = this.#topics[alias]
    if (!known) throw protocolError(`the topic of alias ${alias} before the alias alone`)
    publish.topicBytes = known
    publish.topicStart = 0
    publish.topicEnd = known.length
  }

  /** The connection is gone. */
  close(): void {
    this.#memory.release(this.#heldBytes)
    this.#heldBytes = 0
    this.#topics.length = 0
  }

  #keep(alias: number, topic: Uint8Array): void {
    const more = topic.length - (this.#topics[alias]?.length ?? 0)
    if (more > 0 && !this.#memory.reserve(more))
      throw new MqttRefusal('quota_exceeded', 'no room for more topics with an alias; use fewer')
    if (more < 0) this.#memory.release(-more)
    this.#heldBytes += more
    this.#topics[alias] = Buffer.from(topic)
  }
}
