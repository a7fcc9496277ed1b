import type { Inlet, Publish, Reason } from 'sluice/mqtt'
import { type Ack, AgentError, EntryWriter, type EventTime, type InputContext, toEventTime } from 'sluice/plugin'
import type { PayloadOptions } from './options.js'
import { type Payloads, payloadsOf } from './payloads.js'
import { Topics } from './topics.js'

export interface InletOptions extends PayloadOptions {
  readonly tag: string
  /** Of what is taken; undefined for all. */
  readonly filters: readonly string[] | undefined
}

/** Neighbouring events of one tag among those that were written. */
interface Run {
  readonly tag: string
  end: number
  count: number
}

/** Makes events of messages: those of one read are encoded one behind the other and emitted in as few pieces as there are tags. */
export class MessageInlet implements Inlet {
  readonly #context: InputContext
  readonly #topics: Topics
  readonly #writer = new EntryWriter(1 << 14)
  readonly #payloads: Payloads
  #runs: Run[] = []
  #start = 0
  #now: EventTime | undefined
  #flushing = 0

  constructor(options: InletOptions, context: InputContext) {
    const { tag, topic_key: topicKey, filters } = options
    this.#context = context
    this.#topics = new Topics({ tag, topicKey: topicKey === 'false' ? undefined : topicKey, filters })
    this.#payloads = payloadsOf(options, context, this.#writer)
  }

  take(publish: Publish): Reason {
    const topic = this.#topics.of(publish)
    if (!topic.isTaken) return this.#refuse('topic_not_taken', 'topic_name_invalid')
    const before = this.#writer.size
    const payload = publish.bytes.subarray(publish.payloadStart, publish.payloadEnd)
    this.#now ??= toEventTime(this.#context.clock.wall())
    try {
      const count = this.#payloads.write(payload, topic, this.#now)
      if (count > 0) this.#add(topic.tag, count)
      return 'success'
    } catch (error) {
      this.#writer.rewind(before)
      if (!(error instanceof AgentError)) throw error
      this.#context.log.warn('dropping a message that is not of the format', {
        topic: topic.name,
        reason: error.message,
      })
      return this.#refuse('invalid', 'payload_format_invalid')
    }
  }

  flush(told?: Ack): void {
    const runs = this.#runs
    this.#now = undefined
    if (runs.length === 0) return told?.()
    this.#runs = []
    const share = told && runs.length > 1 ? shared(told, runs.length) : told
    this.#flushing++
    for (const { tag, end, count } of runs) {
      const entries = this.#writer.peek().subarray(this.#start, end)
      this.#start = end
      this.#context.emitEntries(tag, entries, count, share)
    }
    this.#flushing--
    // Who is told within this call may have brought more.
    if (this.#flushing > 0 || this.#runs.length > 0) return
    this.#writer.clear()
    this.#start = 0
  }

  #add(tag: string, count: number): void {
    const last = this.#runs.at(-1)
    const end = this.#writer.size
    if (last?.tag !== tag) this.#runs.push({ tag, end, count })
    else {
      last.end = end
      last.count += count
    }
  }

  #refuse(why: string, reason: Reason): Reason {
    this.#context.drop(why, 1)
    return reason
  }
}

/** One ack for several calls of it: with the first error, once all have come. */
function shared(told: Ack, count: number): Ack {
  let waiting = count
  let failed: Error | undefined
  return (error) => {
    failed ??= error
    if (--waiting === 0) told(failed)
  }
}
