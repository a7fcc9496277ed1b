import { type Publish, topicMatches, topicName } from 'sluice/mqtt'
import { LeadingFields, RecentMap } from 'sluice/plugin'
import { tagTemplate } from './tag-template.js'

/** What is known of a topic that messages came under. */
export interface Topic {
  readonly name: string
  readonly tag: string
  /** What its records begin with. */
  readonly lead: LeadingFields | undefined
  /** Its messages are wanted. */
  readonly isTaken: boolean
}

export interface TopicSettings {
  readonly tag: string
  /** Field that holds the topic; undefined for none. */
  readonly topicKey: string | undefined
  /** Topic filters; undefined for all topics. */
  readonly filters: readonly string[] | undefined
}

const mostKnown = 10_000
/** Longer ones are looked at anew each time. */
const longestKnownBytes = 512
/** So that a tag fits into a frame on disk, whatever its characters. */
const longestTag = 16_384

/** The topics of messages, each looked at once. */
export class Topics {
  readonly #settings: TopicSettings
  readonly #tagOf: (topic: string) => string
  /** By their bytes, one character each. */
  readonly #known = new RecentMap<string, Topic>(mostKnown)
  #lastBytes = Buffer.alloc(0)
  #last: Topic | undefined

  constructor(settings: TopicSettings) {
    this.#settings = settings
    this.#tagOf = tagTemplate(settings.tag)
  }

  /** Throws an MqttRefusal where it is no topic. */
  of(publish: Publish): Topic {
    if (this.#last !== undefined && this.#isLast(publish)) return this.#last
    const { topicBytes, topicStart, topicEnd } = publish
    if (topicEnd - topicStart > longestKnownBytes) return this.#topic(topicName(publish))
    const key = topicBytes.toString('latin1', topicStart, topicEnd)
    let topic = this.#known.get(key)
    if (!topic) {
      topic = this.#topic(topicName(publish))
      this.#known.set(key, topic)
    }
    this.#lastBytes = Buffer.from(key, 'latin1')
    this.#last = topic
    return topic
  }

  #isLast({ topicBytes, topicStart, topicEnd }: Publish): boolean {
    const last = this.#lastBytes
    if (topicEnd - topicStart !== last.length) return false
    for (let index = 0; index < last.length; index++) if (topicBytes[topicStart + index] !== last[index]) return false
    return true
  }

  #topic(name: string): Topic {
    const { topicKey, filters } = this.#settings
    const tag = this.#tagOf(name)
    const isWanted = filters?.some((filter) => topicMatches(name, filter)) ?? true
    return {
      name,
      tag,
      lead: topicKey === undefined ? undefined : new LeadingFields({ [topicKey]: name }),
      isTaken: isWanted && tag.length <= longestTag,
    }
  }
}
