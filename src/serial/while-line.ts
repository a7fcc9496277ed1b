import type { PluginContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import { AbsentError, LostLineError } from './failure.js'
import { openLine } from './open-line.js'
import type { SerialLine } from './serial-line.js'
import type { SerialSettings } from './serial-options.js'

/** What is wrong with a device that is there is seldom better a second later. */
const longestWaitMs = 30_000

/**
 * Does `work` with the line whenever the device is there: waits for it at the start, as `start_behavior` says, and again whenever it
 * was unplugged. Ends when the signal is aborted, when `work` returns, or throws what `work` throws unless that is the loss of the line.
 */
export async function whileLine(
  settings: SerialSettings,
  context: PluginContext,
  signal: AbortSignal,
  work: (line: SerialLine) => Promise<void>,
): Promise<void> {
  let first = true
  for (;;) {
    const line = await appeared(settings, context, signal, first)
    if (!line) return
    first = false
    context.log.info('line is open', { device: line.path, backend: line.backend })
    context.count('opened_lines')
    if (await isDone(line, signal, work, context)) return
    context.count('lost_lines')
    await context.clock.sleep(settings.reconnect_interval, signal)
  }
}

/** Waits until the line is open; undefined when the signal is aborted, or when the device is absent at the start and may be. */
async function appeared(
  settings: SerialSettings,
  context: PluginContext,
  signal: AbortSignal,
  first: boolean,
): Promise<SerialLine | undefined> {
  let said = ''
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      return await openLine(settings, context)
    } catch (error) {
      if (first && settings.start_behavior === 'fail') throw error
      const reason = messageOf(error)
      if (reason !== said) context.log.warn('waiting for a serial line', { reason })
      if (first && settings.start_behavior === 'ignore') return undefined
      said = reason
      await context.clock.sleep(waitMs(settings, error, tries), signal)
    }
  }
  return undefined
}

function waitMs({ reconnect_interval: interval }: SerialSettings, error: unknown, tries: number): number {
  if (error instanceof AbsentError) return interval
  return Math.max(interval, Math.min(interval * 2 ** tries, longestWaitMs))
}

/** Whether the work is done, or is to be: false when the line was lost under it. */
async function isDone(
  line: SerialLine,
  signal: AbortSignal,
  work: (line: SerialLine) => Promise<void>,
  { log }: PluginContext,
): Promise<boolean> {
  const close = (): void => void line.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    if (signal.aborted) return true
    await work(line)
    return true
  } catch (error) {
    if (signal.aborted) return true
    if (!(error instanceof LostLineError)) throw error
    log.warn('lost the line', { reason: error.message })
    return false
  } finally {
    signal.removeEventListener('abort', close)
    await line.close()
  }
}
