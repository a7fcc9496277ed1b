import type { TestContext } from 'node:test'
import { systemClock } from '../../src/base/clock.js'
import type { InputContext } from '../../src/plugin/context.js'
import type { Input } from '../../src/plugin/define.js'
import type { AnyDefinition } from '../../src/registry/plugin.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'
import { parserNamed } from './parsers.js'
import { PtyDevice } from './pty-device.js'
import type { PtyPair } from './pty-pair.js'
import { running } from './running.js'
import { pluggedIn } from './serial-line.js'
import { within } from './within.js'

interface Creatable extends Pick<AnyDefinition, 'kind' | 'options'> {
  create(options: never, context: InputContext): Input
}

export interface LineInput {
  readonly context: RecordingInputContext
  readonly pair: PtyPair
  readonly device: PtyDevice
}

/** A running input that reads a serial line, with its line open. */
export async function inputOnLine(
  t: TestContext,
  definition: Creatable,
  raw: { readonly [option: string]: unknown } = {},
): Promise<LineInput> {
  const pair = await pluggedIn(t)
  const context = new RecordingInputContext(systemClock, parserNamed)
  const settings = { path: pair.agentEnd, reconnect_interval: '10ms', backend: 'tty', ...raw }
  await running(t, definition.create(optionsOf(definition, settings), context))
  await within(20_000, context.log.line('line is open'), 'the line')
  return { context, pair, device: new PtyDevice(t, pair.deviceEnd) }
}

/** Resolves once so many events have come. */
export function events(context: RecordingInputContext, count: number): Promise<void> {
  return within(20_000, context.received(count), `${count} events`)
}
