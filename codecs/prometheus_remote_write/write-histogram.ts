import { type EventRecord, isRecord, type Value } from 'sluice/plugin'
import { resetHints } from './histograms.js'
import type { Histogram } from './series-set.js'

/** A native histogram of the record that one became when it was read; of whole numbers unless a count is a fraction. */
export function histogramOf(record: EventRecord): Histogram {
  if (record['stale'] === true) return { sum: null }
  const positive = bucketsOf(record['positive'])
  const negative = bucketsOf(record['negative'])
  const count = numberOf(record['count'])
  const zeroCount = numberOf(record['zero_count'])
  const isWhole = [count, zeroCount, ...positive.counts, ...negative.counts].every(isInteger)
  return {
    ...(isWhole ? { countInt: count, zeroCountInt: zeroCount } : floats(count, zeroCount)),
    sum: Number(numberOf(record['sum'])),
    schema: Number(numberOf(record['schema'])),
    zeroThreshold: Number(numberOf(record['zero_threshold'])),
    positiveSpans: positive.spans,
    negativeSpans: negative.spans,
    ...(isWhole
      ? { positiveDeltas: deltas(positive.counts), negativeDeltas: deltas(negative.counts) }
      : { positiveCounts: positive.counts.map(Number), negativeCounts: negative.counts.map(Number) }),
    customValues: numbersOf(record['custom_values']).map(Number),
    resetHint: Math.max(0, resetHints.indexOf(textOf(record['reset_hint']))),
  }
}

interface Buckets {
  readonly spans: readonly { readonly offset: number; readonly length: number }[]
  readonly counts: readonly (number | bigint)[]
}

function floats(count: number | bigint, zeroCount: number | bigint): Histogram {
  return { countFloat: Number(count), zeroCountFloat: Number(zeroCount) }
}

function bucketsOf(value: Value | undefined): Buckets {
  if (!isRecord(value)) return { spans: [], counts: [] }
  const spans = Array.isArray(value['spans']) ? (value['spans'] as readonly Value[]) : []
  return { spans: spans.filter(isRecord).map(spanOf), counts: numbersOf(value['counts']) }
}

function spanOf({ offset, length }: EventRecord): Buckets['spans'][number] {
  return { offset: Number(numberOf(offset)), length: Number(numberOf(length)) }
}

/** Each bucket of whole numbers is written as its difference from the one before. */
function deltas(counts: readonly (number | bigint)[]): bigint[] {
  let before = 0n
  return counts.map((count) => {
    const delta = BigInt(count) - before
    before = BigInt(count)
    return delta
  })
}

function numbersOf(value: Value | undefined): (number | bigint)[] {
  return Array.isArray(value) ? (value as readonly Value[]).map(numberOf) : []
}

function numberOf(value: Value | undefined): number | bigint {
  return typeof value === 'number' || typeof value === 'bigint' ? value : 0
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}
