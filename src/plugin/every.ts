import type { InputContext } from './context.js'
import type { Input } from './define.js'

/**
 * An input that reads at fixed moments: at once, then every `intervalMs` on the monotonic clock, without drift. Readings never
 * overlap; one that could not take place in time is counted as `late_readings` and left out, never made up for. While there
 * is no room for events and the input is to wait, it does not read.
 */
export function every(
  intervalMs: number,
  context: InputContext,
  read: (signal: AbortSignal) => void | Promise<void>,
): Input {
  return {
    async run(signal) {
      let due = context.clock.monotonic()
      while (!signal.aborted) {
        await read(signal)
        await context.room()
        due += intervalMs
        const missed = Math.ceil((context.clock.monotonic() - due) / intervalMs)
        if (missed > 0) {
          context.count('late_readings', missed)
          due += missed * intervalMs
        }
        await context.clock.sleep(due - context.clock.monotonic(), signal)
      }
    },
  }
}
