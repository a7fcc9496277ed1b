import type { EventRecord, Value } from 'sluice/plugin'
import type { Read } from 'sluice/protobuf'
import { type Fields, recordOf } from './fields.js'
import type { histogram } from './samples.js'

type Histogram = Read<typeof histogram>

/** Histogram.ResetHint of prompb/types.proto. */
export const resetHints: readonly (string | undefined)[] = [undefined, 'yes', 'no', 'gauge']

/** A native histogram; where its sum is the stale marker the series has ended. */
export function histogramFields(read: Histogram): EventRecord {
  const { sum = 0, schema = 0, zeroThreshold = 0, customValues } = read
  if (sum === null) return { stale: true }
  return recordOf({
    ...countsOf(read),
    sum,
    schema,
    zero_threshold: zeroThreshold,
    positive: bucketsOf(read.positiveSpans, read.positiveDeltas, read.positiveCounts),
    negative: bucketsOf(read.negativeSpans, read.negativeDeltas, read.negativeCounts),
    custom_values: customValues.length > 0 ? customValues : undefined,
    reset_hint: resetHints[read.resetHint ?? 0],
  })
}

/** Whole numbers or fractions. */
function countsOf({ countInt, countFloat = 0, zeroCountInt, zeroCountFloat = 0 }: Histogram): Fields {
  return { count: countInt ?? countFloat, zero_count: zeroCountInt ?? zeroCountFloat }
}

function bucketsOf(
  spans: Histogram['positiveSpans'],
  deltas: Histogram['positiveDeltas'],
  counts: Histogram['positiveCounts'],
): EventRecord | undefined {
  if (spans.length === 0) return undefined
  return {
    spans: spans.map(({ offset = 0, length = 0 }) => ({ offset, length })),
    counts: deltas.length > 0 ? sumsOf(deltas) : counts,
  }
}

/** Each bucket of whole numbers is written as its difference from the one before. */
function sumsOf(deltas: readonly (number | bigint)[]): Value[] {
  let sum = 0n
  return deltas.map((delta) => {
    sum += BigInt(delta)
    return Number.isSafeInteger(Number(sum)) ? Number(sum) : sum
  })
}
