import assert from 'node:assert/strict'
import type { EventRecord, Value } from '../../src/event/event.js'
import type { AnyDefinition, Codec } from '../../src/plugin/define.js'
import { batchOf } from './batch.js'
import { optionsOf } from './options.js'
import { RecordingOutputContext } from './output-context.js'

type CodecDefinition = Extract<AnyDefinition, { kind: 'codec' }>

type Given = { readonly [option: string]: unknown }

/** A codec with these options, as a file has them; `loaded` is what its packages are. */
export function codecOf(definition: object, raw: Given = {}, loaded?: unknown): Codec {
  const codec = definition as CodecDefinition
  return codec.create(optionsOf(codec, raw), new RecordingOutputContext(), loaded)
}

/** The records of one frame. */
export function recordsOf(codec: Codec, frame: string | Uint8Array): EventRecord[] {
  const parsed = codec.parse?.(Buffer.from(frame))
  assert.ok(parsed)
  return Array.from(parsed, ({ record }) => record)
}

/** How a codec writes these records, all of the second 1700000000. */
export function textOf(codec: Codec, records: readonly { readonly [key: string]: Value }[]): string {
  assert.ok(codec.formatter)
  const { chunks } = batchOf(records.map((record) => ({ seconds: 1_700_000_000, record })))
  return Buffer.from(codec.formatter.format(chunks)).toString()
}
