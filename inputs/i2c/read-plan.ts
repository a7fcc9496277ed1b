import type { Clock, EventRecord } from 'sluice/plugin'
import type { I2cDevice } from './bus.js'
import type { Plan, Reading } from './plan.js'

/** Makes a device measure, and answers how a record is read off it. */
export async function startPlan(device: I2cDevice, plan: Plan, clock: Clock): Promise<() => Promise<EventRecord>> {
  for (const bytes of plan.init) device.write(bytes)
  if (plan.settleMs > 0) await clock.sleep(plan.settleMs)
  const decode = plan.decoder(await answersOf(device, plan.once, clock))
  return async () => decode(await answersOf(device, plan.readings, clock))
}

async function answersOf(device: I2cDevice, readings: readonly Reading[], clock: Clock): Promise<Uint8Array[]> {
  const answers: Uint8Array[] = []
  for (const { write, delayMs = 0, at, length } of readings) {
    if (write) device.write(write)
    if (delayMs > 0) await clock.sleep(delayMs)
    answers.push(device.read(at, length))
  }
  return answers
}
