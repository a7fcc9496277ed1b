import assert from 'node:assert/strict'
import type { EventRecord, Value } from '../../src/event/event.js'
import type { Parsed } from '../../src/plugin/context.js'
import type { Codec } from '../../src/plugin/define.js'
import type { AnyDefinition } from '../../src/registry/plugin.js'
import { batchOf } from './batch.js'
import { optionsOf } from './options.js'
import { RecordingOutputContext } from './output-context.js'

type CodecDefinition = Extract<AnyDefinition, { kind: 'codec' }>

type Given = { readonly [option: string]: unknown }

/** A codec with these options, as a file has them. */
export function codecOf(definition: object, raw: Given = {}): Codec {
  return codecsOf(definition, raw)()
}

/** Makes codecs with these options, which are read once. */
export function codecsOf(definition: object, raw: Given = {}): () => Codec {
  const codec = definition as CodecDefinition
  const options: { readonly [option: string]: unknown } = optionsOf(codec, raw)
  return () => codec.create(options, new RecordingOutputContext())
}

/** The records of one frame. */
export function recordsOf(codec: Codec, frame: string | Uint8Array): EventRecord[] {
  return parsedOf(codec, frame).map(({ record }) => record)
}

/** The records of one frame and their times. */
export function parsedOf(codec: Codec, frame: string | Uint8Array): Parsed[] {
  const parsed = codec.parse?.(Buffer.from(frame))
  assert.ok(parsed)
  return [...parsed]
}

/** How a codec writes these records, all of the second 1700000000. */
export function textOf(codec: Codec, records: readonly { readonly [key: string]: Value }[]): string {
  assert.ok(codec.formatter)
  const { chunks } = batchOf(records.map((record) => ({ seconds: 1_700_000_000, record })))
  return Buffer.from(codec.formatter.format(chunks)).toString()
}
