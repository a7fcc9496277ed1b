import { toWire } from 'sluice/protobuf'
import { dataTypes, payload, valueFields } from 'sluice/sparkplug'
import type { MetricSet } from './metric-set.js'
import type { Sample } from './samples.js'

export const rebirthName = 'Node Control/Rebirth'

/** Pairs a birth with the death that the broker publishes for the same connection (Sparkplug 3.0, section 6.4.21). */
function bdSeqMetric(bdSeq: number, now: number) {
  return { name: 'bdSeq', timestamp: now, datatype: dataTypes.Int64, longValue: bdSeq }
}

export function nodeDeath(bdSeq: number, now: number): Uint8Array {
  return toWire(payload, { timestamp: now, metrics: [bdSeqMetric(bdSeq, now)] })
}

/** All that a host has to know of the node itself (section 6.4.19). Its sequence number is always 0. */
export function nodeBirth(metrics: MetricSet, bdSeq: number, now: number): Uint8Array {
  const rebirth = { name: rebirthName, timestamp: now, datatype: dataTypes.Boolean, booleanValue: false }
  return toWire(payload, {
    timestamp: now,
    seq: 0,
    metrics: [bdSeqMetric(bdSeq, now), rebirth, ...bornMetrics(metrics)],
  })
}

export function deviceBirth(metrics: MetricSet, seq: number, now: number): Uint8Array {
  return toWire(payload, { timestamp: now, seq, metrics: [...bornMetrics(metrics)] })
}

/** Names and types are those of the birth, which the aliases stand for. `historicalBefore` is a time as those of samples are. */
export function dataPayload(
  metrics: MetricSet,
  samples: Iterable<Sample>,
  { seq, now, historicalBefore }: { readonly seq: number; readonly now: number; readonly historicalBefore: number },
): Uint8Array {
  return toWire(payload, { timestamp: now, seq, metrics: dataMetrics(metrics, samples, historicalBefore) })
}

function* bornMetrics(metrics: MetricSet) {
  for (const { name, alias, type, value, timestamp } of metrics.all()) {
    yield { name, alias, timestamp, datatype: dataTypes[type], ...valueFields(type, value) }
  }
}

function* dataMetrics(metrics: MetricSet, samples: Iterable<Sample>, historicalBefore: number) {
  for (const { name, value, timestamp } of samples) {
    const known = metrics.get(name)
    if (!known) continue // null, of which no type is known
    const historical = timestamp < historicalBefore ? { isHistorical: true } : {}
    yield { alias: known.alias, timestamp, ...historical, ...valueFields(known.type, value) }
  }
}
