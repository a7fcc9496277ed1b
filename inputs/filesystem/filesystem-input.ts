import { statfs } from 'node:fs/promises'
import { every, type Input, type InputContext, messageOf, toEventTime } from 'sluice/plugin'
import { usageOf } from './usage.js'

interface Settings {
  readonly interval: number
  readonly paths: readonly string[]
  readonly tag: string
}

export function filesystemInput(settings: Settings, context: InputContext): Input {
  return every(settings.interval, context, async (signal) => {
    const time = toEventTime(context.clock.wall())
    const readings = settings.paths.map(async (path) => {
      try {
        const usage = usageOf(await statfs(path))
        if (!signal.aborted) context.emit(settings.tag, { path, ...usage }, time)
      } catch (error) {
        context.count('unreadable')
        context.log.warn(`paths: "${path}" cannot be read, so it is left out this time: ${messageOf(error)}`)
      }
    })
    await endOrAbort(Promise.all(readings), signal)
  })
}

/** A server of files that went away keeps its callers waiting without end, but not this run once it is to stop. */
async function endOrAbort(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let onAbort = (): void => undefined
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
