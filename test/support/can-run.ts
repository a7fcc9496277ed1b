import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import can from '../../inputs/can/index.js'
import { canInput } from '../../inputs/can/can-input.js'
import type { Clock } from '../../src/base/clock.js'
import { systemClock } from '../../src/base/clock.js'
import type { EventRecord } from '../../src/event/event.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'
import { type Run, running } from './running.js'
import { Tree } from './tree.js'
import { within } from './within.js'

export const longestMs = 10_000

interface Parts {
  readonly clock?: Clock
  readonly stdin?: () => Readable
}

/** Runs the input to its end: what it emitted, dropped and counted. */
export async function readAll(raw: object, { clock = systemClock, stdin }: Parts = {}): Promise<RecordingInputContext> {
  const context = new RecordingInputContext(clock)
  const input = canInput(optionsOf(can, { ...raw }), context, stdin)
  await within(longestMs, input.run(new AbortController().signal), 'the end of the input')
  return context
}

/** Starts the input, which runs until the test ends. */
export async function startCan(
  t: TestContext,
  raw: object,
  { clock = systemClock, stdin }: Parts = {},
): Promise<{ context: RecordingInputContext; run: Run }> {
  const context = new RecordingInputContext(clock)
  const run = await running(t, canInput(optionsOf(can, { ...raw }), context, stdin))
  return { context, run }
}

/** A file of its own for this text; its path. */
export function fileOf(t: TestContext, text: string, name = 'drive.log'): string {
  return new Tree(t, { [name]: text }).path(name)
}

/** Some fields of each record. */
export function fieldsOf(context: RecordingInputContext, ...names: readonly string[]): unknown[][] {
  return context.records.map((record: EventRecord) => names.map((name) => record[name]))
}
