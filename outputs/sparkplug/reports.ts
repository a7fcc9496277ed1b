import { type Batch, compileTemplate, type Event, readEvents, toMilliseconds } from 'sluice/plugin'
import { toId } from 'sluice/sparkplug'
import type { EdgeModel, Report } from './edge-model.js'
import { type Sample, samplesOf } from './samples.js'

export interface ReportMaker {
  readonly deviceOf: (event: Event) => string | undefined
  readonly prefixOf: (event: Event) => string
}

export function reportMaker(device: string | undefined, prefix: string): ReportMaker {
  const writeDevice = device === undefined ? undefined : compileTemplate(device)
  return {
    // Where an event lacks what the name is made of, it is of the node itself.
    deviceOf: (event) => toId(writeDevice?.(event) ?? '') || undefined,
    prefixOf: compileTemplate(prefix),
  }
}

/**
 * The events of a batch as reports; `model` learns of their metrics. Those that cannot be reported are told by their index. They
 * come together, so that one birth does for all, but for what changes the type of a metric: what is before goes before.
 */
export function* reportsOf(
  { chunks }: Batch,
  maker: ReportMaker,
  model: EdgeModel,
  refused: Map<number, string>,
): Generator<readonly Report[], void> {
  let reports: Report[] = []
  let index = 0
  for (const chunk of chunks) {
    for (const event of readEvents(chunk)) {
      const report = reportOf(event, maker)
      if (reports.length > 0 && model.wouldReplace(report)) {
        yield reports
        reports = []
      }
      const refusal = model.learn(report)
      if (refusal === undefined) reports.push(report)
      else refused.set(index, refusal)
      index++
    }
  }
  if (reports.length > 0) yield reports
}

/** Neighbours of one device as one report, of this many samples at most; the order stays. */
export function* merged(reports: Iterable<Report>, mostSamples: number): Generator<Report, void> {
  let device: string | undefined
  let samples: Sample[] = []
  for (const report of reports) {
    const fits = report.device === device && samples.length + report.samples.length <= mostSamples
    if (!fits && samples.length > 0) {
      yield { device, samples }
      samples = []
    }
    device = report.device
    samples.push(...report.samples)
  }
  if (samples.length > 0) yield { device, samples }
}

function reportOf(event: Event, { deviceOf, prefixOf }: ReportMaker): Report {
  const timestamp = Math.floor(toMilliseconds(event.time))
  return { device: deviceOf(event), samples: samplesOf(event.record, prefixOf(event), timestamp) }
}
