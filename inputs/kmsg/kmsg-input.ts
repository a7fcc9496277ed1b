import type { Input, InputContext } from 'sluice/plugin'
import { Device, type Source } from './device.js'
import { Intake, type Settings } from './intake.js'

/** The event loop cannot wait for this device (it is no socket, pipe or terminal), so it is looked at this often. */
const pollMs = 250

export function kmsgInput(settings: Settings, context: InputContext, source: Source): Input {
  let intake: Intake | undefined // outlives a run that failed, so that the next one repeats nothing
  return {
    async run(signal) {
      const device = new Device(source.path)
      try {
        intake ??= new Intake(settings, context, source)
        while (!signal.aborted) {
          const drained = await intake.drain(device)
          await context.clock.sleep(drained ? pollMs : 0, signal)
        }
      } finally {
        device.close()
      }
    },
  }
}
