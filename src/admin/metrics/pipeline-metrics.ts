import type { InputFigures, OutputFigures } from '../../observe/ledger.js'
import type { InputStatus, OutputStatus } from '../../observe/status.js'
import { each, eachOf, type Metric, type MetricsView } from './metric.js'

const perSecond = 1000

type FiguresOf<T> = (view: MetricsView) => { readonly [id: string]: T }

const inputLedger = { label: 'input', of: (({ status }) => status.ledger.inputs) as FiguresOf<InputFigures> }
const input = { label: 'input', of: (({ status }) => status.inputs) as FiguresOf<InputStatus> }
const filterLedger = { label: 'filter', of: (({ status }) => status.ledger.filters) as FiguresOf<InputFigures> }
const outputLedger = { label: 'output', of: (({ status }) => status.ledger.outputs) as FiguresOf<OutputFigures> }
const output = { label: 'output', of: (({ status }) => status.outputs) as FiguresOf<OutputStatus> }

const events = (name: string, help: string) =>
  ({ name: `${name}_events`, type: 'counter', unit: 'events', help }) as const

const inputMetrics: readonly Metric[] = [
  each(inputLedger, events('sluice_input_accepted', 'Events that an input took.'), ({ accepted }) => accepted),
  each(inputLedger, events('sluice_input_added', "Events that filters made out of an input's."), ({ added }) => added),
  each(inputLedger, events('sluice_input_filtered', 'Events that filters left out.'), ({ filtered }) => filtered),
  each(
    inputLedger,
    events('sluice_input_delivered', 'Events that every output which they are for has acknowledged.'),
    ({ delivered }) => delivered,
  ),
  eachOf(
    inputLedger,
    { ...events('sluice_input_dropped', 'Events that some output, or the log, gave up.'), by: 'reason' },
    ({ dropped }) => dropped,
  ),
  each(
    inputLedger,
    { ...events('sluice_input_pending', 'Events that some output still has to get.'), type: 'gauge' },
    ({ pending }) => pending,
  ),
  eachOf(
    inputLedger,
    { name: 'sluice_input_counts', type: 'counter', help: "An input's own counters.", by: 'counter' },
    ({ counters }) => counters,
  ),
  each(
    input,
    {
      name: 'sluice_input_sealed_bytes',
      type: 'counter',
      unit: 'bytes',
      help: 'Encoded bytes of the events that an input took.',
    },
    ({ bytes }) => bytes,
  ),
  each(
    input,
    {
      name: 'sluice_input_paused_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'How long an input waited for room, all in all.',
    },
    ({ pausedMs }) => pausedMs / perSecond,
  ),
  each(
    input,
    {
      name: 'sluice_input_pause_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long an input has been waiting for room; 0 where it does not.',
    },
    ({ pauseMs }) => pauseMs / perSecond,
  ),
]

const filterMetrics: readonly Metric[] = [
  each(
    filterLedger,
    events('sluice_filter_emitted', 'Events that a filter put back at the start of the pipeline.'),
    ({ accepted }) => accepted,
  ),
  eachOf(
    filterLedger,
    { ...events('sluice_filter_dropped', 'Events of these that were dropped.'), by: 'reason' },
    ({ dropped }) => dropped,
  ),
  eachOf(
    filterLedger,
    { name: 'sluice_filter_counts', type: 'counter', help: "A filter's own counters.", by: 'counter' },
    ({ counters }) => counters,
  ),
]

const outputLedgerMetrics: readonly Metric[] = [
  each(outputLedger, events('sluice_output_routed', 'Events that are for an output.'), ({ routed }) => routed),
  each(
    outputLedger,
    events('sluice_output_delivered', 'Events that an output has acknowledged.'),
    ({ delivered }) => delivered,
  ),
  eachOf(
    outputLedger,
    { ...events('sluice_output_dropped', 'Events that an output gave up.'), by: 'reason' },
    ({ dropped }) => dropped,
  ),
  each(
    outputLedger,
    events('sluice_output_dead_lettered', 'Events of these that are kept in the dead letter.'),
    ({ dead_lettered }) => dead_lettered,
  ),
  each(
    outputLedger,
    events('sluice_output_retried', 'Events in flushes that failed and are tried again.'),
    ({ retried }) => retried,
  ),
  each(
    outputLedger,
    { ...events('sluice_output_pending', 'Events that wait for an output.'), type: 'gauge' },
    ({ pending }) => pending,
  ),
  eachOf(
    outputLedger,
    { name: 'sluice_output_counts', type: 'counter', help: "An output's own counters.", by: 'counter' },
    ({ counters }) => counters,
  ),
]

const flushes = (name: string, help: string) => ({ name: `sluice_output_${name}`, type: 'counter', help }) as const

const outputMetrics: readonly Metric[] = [
  each(
    output,
    {
      name: 'sluice_output_delivered_bytes',
      type: 'counter',
      unit: 'bytes',
      help: 'Encoded bytes of the chunks that an output delivered.',
    },
    ({ bytes }) => bytes,
  ),
  each(output, flushes('retries', 'Flushes that failed and are tried again.'), ({ retries }) => retries),
  each(output, flushes('refusals', 'Flushes that the destination refused.'), ({ refusals }) => refusals),
  each(output, flushes('given_up', 'Batches that ran out of retries.'), ({ givenUp }) => givenUp),
  each(
    output,
    {
      name: 'sluice_output_oldest_pending_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long the oldest event has waited for an output; 0 where none does.',
    },
    ({ oldestPendingMs }) => oldestPendingMs / perSecond,
  ),
  each(
    output,
    {
      name: 'sluice_output_since_success_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long ago a flush last succeeded; absent before the first.',
    },
    ({ sinceSuccessMs }) => (sinceSuccessMs === undefined ? undefined : sinceSuccessMs / perSecond),
  ),
  eachOf(
    output,
    {
      name: 'sluice_output_breaker',
      type: 'gauge',
      help: '1 for the state that the breaker of an output is in: closed, open or probing.',
      by: 'state',
    },
    ({ breaker }) =>
      Object.fromEntries(['closed', 'open', 'probing'].map((state) => [state, state === breaker ? 1 : 0])),
  ),
]

/** Of inputs, filters and outputs. */
export const pipelineMetrics: readonly Metric[] = [
  ...inputMetrics,
  ...filterMetrics,
  ...outputLedgerMetrics,
  ...outputMetrics,
]
