import {
  compileTemplate,
  type Event,
  type Formatter,
  isRecord,
  refuseBatch,
  type Template,
  type Value,
  valueText,
  writeEach,
} from 'sluice/plugin'
import { toWire } from 'sluice/protobuf'
import { compressBlock } from 'sluice/snappy'
import { labelName, metricName } from './names.js'
import { type Labels, SeriesSet } from './series-set.js'
import { writeRequest } from './write-1.js'
import { histogramOf } from './write-histogram.js'

export interface RemoteWriteSettings {
  /** Template of the names of metrics but for their ends, which are the fields. */
  readonly metric: string
  /** Name of each label → template of its value. */
  readonly labels: { readonly [name: string]: string }
  /** Fields to take; undefined for all. */
  readonly fields: readonly string[] | undefined
}

/** A sample for every number of an event, or the one that the event was when this codec read it; version 1.0. */
export function remoteWriteFormatter(settings: RemoteWriteSettings): Formatter {
  const samplesOf = new SampleReader(settings)
  return {
    contentType: 'application/x-protobuf',
    headers: { 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
    format(chunks, refuse = refuseBatch) {
      const series = new SeriesSet()
      writeEach(chunks, refuse, (event) => samplesOf.addTo(series, event))
      return series.size === 0 ? new Uint8Array() : compressBlock(toWire(writeRequest, series.request))
    },
  }
}

const taken = 'its series have other samples of this millisecond'

class SampleReader {
  readonly #metricOf: Template
  readonly #labels: readonly (readonly [name: string, of: Template])[]
  readonly #fields: ReadonlySet<string> | undefined

  constructor({ metric, labels, fields }: RemoteWriteSettings) {
    this.#metricOf = compileTemplate(metric)
    this.#labels = Object.entries(labels).map(([name, text]) => [labelName(name), compileTemplate(text)])
    this.#fields = fields && new Set(fields)
  }

  /** Why there is nothing to add, if so. */
  addTo(series: SeriesSet, event: Event): string | undefined {
    const { name, labels } = event.record
    if (typeof name === 'string' && name !== '' && isRecord(labels)) {
      const told = this.#addSample(series, event, name, this.#labelsOf(event, Object.entries(labels)))
      if (told !== 'no sample') return told
    }
    return this.#addFields(series, event)
  }

  /** The event is one sample, or one histogram. */
  #addSample(series: SeriesSet, { record, time }: Event, name: string, labels: Labels): string | undefined {
    const milliseconds = millisecondsOf(time)
    const metric = metricName(name)
    if (record['type'] === 'histogram' && ('stale' in record || 'schema' in record)) {
      return series.addHistogram(metric, labels, milliseconds, histogramOf(record)) ? undefined : taken
    }
    const value = record['stale'] === true ? null : numberOf(record['value'])
    if (value === undefined) return 'no sample'
    return series.add(metric, labels, milliseconds, value) ? undefined : taken
  }

  #addFields(series: SeriesSet, event: Event): string | undefined {
    let reason: string | undefined = 'no number'
    const prefix = this.#metricOf(event)
    const labels = this.#labelsOf(event, [])
    for (const [field, value] of Object.entries(event.record)) {
      const number = this.#fields?.has(field) === false ? undefined : numberOf(value)
      if (number === undefined) continue
      const isAdded = series.add(metricName(`${prefix}_${field}`), labels, millisecondsOf(event.time), number)
      reason = isAdded || reason === undefined ? undefined : taken
    }
    return reason
  }

  /** The record's own before those of the options; a label without a value is none to Prometheus. */
  #labelsOf(event: Event, own: readonly (readonly [name: string, value: Value])[]): Labels {
    const labels = new Map<string, string>()
    for (const [name, value] of own) setLabel(labels, labelName(name), valueText(value))
    for (const [name, of] of this.#labels) setLabel(labels, name, of(event))
    return labels
  }
}

function setLabel(labels: Map<string, string>, name: string, value = ''): void {
  if (value !== '' && name !== '' && name !== '__name__' && !labels.has(name)) labels.set(name, value)
}

function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : undefined
}

function millisecondsOf({ seconds, nanoseconds }: Event['time']): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6)
}
