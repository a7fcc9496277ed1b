import { readEvents } from '../../src/event/entry-reader.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Batch, Output } from '../../src/plugin/define.js'

/** An output that keeps what it delivered. `answer` decides each flush: it may throw, wait, or count. */
export class RecordingOutput implements Output {
  readonly delivered: { readonly tag: string; readonly record: EventRecord }[] = []
  flushes = 0
  underWay = 0
  closed = 0
  answer: (batch: Batch, signal: AbortSignal) => void | Promise<void>

  constructor(answer: (batch: Batch, signal: AbortSignal) => void | Promise<void> = () => undefined) {
    this.answer = answer
  }

  async flush(batch: Batch, signal: AbortSignal): Promise<void> {
    this.flushes++
    this.underWay++
    try {
      await this.answer(batch, signal)
    } finally {
      this.underWay--
    }
    for (const chunk of batch.chunks)
      for (const { tag, record } of readEvents(chunk)) this.delivered.push({ tag, record })
  }

  close(): Promise<void> {
    this.closed++
    return Promise.resolve()
  }

  get records(): EventRecord[] {
    return this.delivered.map(({ record }) => record)
  }
}
