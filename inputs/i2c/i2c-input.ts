import { every, type EventRecord, type Input, type InputContext, messageOf } from 'sluice/plugin'
import type { I2cDevice } from './bus.js'
import type { Plan } from './plan.js'
import { startPlan } from './read-plan.js'

export interface I2cSettings {
  readonly interval: number
  readonly tag: string
  readonly plan: Plan
  readonly open: () => Promise<I2cDevice>
}

interface Started {
  readonly device: I2cDevice
  readonly read: () => Promise<EventRecord>
}

/** A device that fails is told of once, and started anew at the next reading: it may have lost its power, and its settings. */
export function i2cInput({ interval, tag, plan, open }: I2cSettings, context: InputContext): Input {
  return {
    async run(signal) {
      let started: Started | undefined
      let failing = false
      const read = async (): Promise<void> => {
        try {
          started ??= await start(plan, open, context)
          context.emit(tag, await started.read())
          if (failing) context.log.info('the device answers again')
          failing = false
        } catch (error) {
          started?.device.close()
          started = undefined
          context.count('failed_readings')
          if (!failing) context.log.warn(`no reading: ${messageOf(error)}; trying on`)
          failing = true
        }
      }
      try {
        await every(interval, context, read).run(signal)
      } finally {
        started?.device.close()
      }
    },
  }
}

async function start(plan: Plan, open: () => Promise<I2cDevice>, context: InputContext): Promise<Started> {
  const device = await open()
  try {
    return { device, read: await startPlan(device, plan, context.clock) }
  } catch (error) {
    device.close()
    throw error
  }
}
