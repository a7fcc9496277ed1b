import type { TestContext } from 'node:test'
import type { Input } from '../../src/plugin/define.js'
import { settle } from './fake-clock.js'

export interface Run {
  /** Tells the input to stop and waits until it has; rejects with what its run threw. */
  readonly stop: () => Promise<void>
}

/** Starts an input, lets it take its first steps, and stops it when the test ends; a run that fails fails the test. */
export async function running(t: TestContext, input: Input): Promise<Run> {
  const stop = new AbortController()
  const ended = input.run(stop.signal)
  ended.catch(() => {}) // told by `stop`, which runs in any case
  const run = {
    stop: (): Promise<void> => {
      stop.abort()
      return ended
    },
  }
  t.after(() => run.stop())
  await settle()
  return run
}
