import type { Readable } from 'node:stream'
import { reportSettings } from 'sluice/can'
import type { CanSource } from 'sluice/can-bus'
import type { Input, InputContext } from 'sluice/plugin'
import { Desk } from './desk.js'
import type { CanOptions } from './options.js'
import { checkSource, openSources } from './sources.js'

export function canInput(
  options: CanOptions,
  context: InputContext,
  stdin: () => Readable = () => process.stdin,
): Input {
  const report = reportSettings(options)
  checkSource(options)
  return {
    async run(signal) {
      if (signal.aborted) return
      const desk = new Desk(options, report, context)
      const onState: Desk['state'] = (bus, state) => desk.state(bus, state)
      await drainAll(openSources(options, { context, stdin, onState }), desk, context, signal)
    },
  }
}

/** Reads all sources to their ends; where one fails the others end too, since the engine runs all of it again. */
async function drainAll(
  sources: readonly CanSource[],
  desk: Desk,
  context: InputContext,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  signal.addEventListener('abort', end, { once: true })
  const drains = sources.map((source) => drain(source, desk, context, stop.signal))
  try {
    await Promise.all(drains)
  } finally {
    signal.removeEventListener('abort', end)
    end()
    await Promise.allSettled(drains)
    for (const source of sources) source.close()
  }
}

async function drain(source: CanSource, desk: Desk, context: InputContext, signal: AbortSignal): Promise<void> {
  while (await source.next(desk.take, signal)) if (!desk.emit()) await context.room()
  desk.emit()
}
