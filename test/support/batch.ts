import { EntryWriter } from '../../src/event/entry-writer.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Batch, BatchChunk } from '../../src/plugin/define.js'

interface Sample {
  readonly tag?: string
  readonly seconds?: number
  readonly nanoseconds?: number
  readonly record: EventRecord
}

/** A batch of these events; neighbours of one tag share a chunk. */
export function batchOf(samples: readonly Sample[], attempt = 1): Batch {
  const chunks: BatchChunk[] = []
  for (let start = 0; start < samples.length;) {
    const tag = samples[start]?.tag ?? 'test'
    let end = start
    while (end < samples.length && (samples[end]?.tag ?? 'test') === tag) end++
    chunks.push(chunkOf(tag, `chunk-${chunks.length}`, samples.slice(start, end)))
    start = end
  }
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.entries.length, 0)
  return { id: 'batch-0', chunks, count: samples.length, bytes, attempt }
}

function chunkOf(tag: string, id: string, samples: readonly Sample[]): BatchChunk {
  const writer = new EntryWriter()
  for (const { seconds = 0, nanoseconds = 0, record } of samples) writer.writeEvent(seconds, nanoseconds, record)
  return { tag, id, entries: writer.take(), count: samples.length }
}
