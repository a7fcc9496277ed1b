import { all, double, doubleBut, int32, int64, message, one, sint32, sint64, uint32, uint64 } from 'sluice/protobuf'

/** The not-a-number with which a series ends (prometheus, model/value/value.go: StaleNaN). */
const value = doubleBut(0x7ff0_0000_0000_0002n)

/**
 * What both versions have alike (prometheus, prompb/types.proto and prompb/io/prometheus/write/v2/types.proto). Times are
 * milliseconds since 1970.
 */
export const sample = message('Sample', { value: one(1, value), timestamp: one(2, int64) })

const span = message('BucketSpan', { offset: one(1, sint32), length: one(2, uint32) })

export const histogram = message('Histogram', {
  countInt: one(1, uint64),
  countFloat: one(2, double),
  sum: one(3, value),
  schema: one(4, sint32),
  zeroThreshold: one(5, double),
  zeroCountInt: one(6, uint64),
  zeroCountFloat: one(7, double),
  negativeSpans: all(8, () => span),
  negativeDeltas: all(9, sint64),
  negativeCounts: all(10, double),
  positiveSpans: all(11, () => span),
  positiveDeltas: all(12, sint64),
  positiveCounts: all(13, double),
  resetHint: one(14, int32),
  timestamp: one(15, int64),
  customValues: all(16, double),
})
