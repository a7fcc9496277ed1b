import { randomFillSync } from 'node:crypto'
import { every, type Input, type InputContext } from 'sluice/plugin'

export interface Settings {
  readonly tag: string
  readonly interval: number
  readonly samples: number
}

/** Makes numbers of 64 bits, as many as `samples` says or without end where that is negative. */
export function randomInput({ tag, interval, samples }: Settings, context: InputContext): Input {
  const bytes = Buffer.alloc(8)
  return {
    async run(signal) {
      if (samples === 0) return
      let made = 0
      const enough = new AbortController()
      const numbers = every(interval, context, () => {
        context.emit(tag, { rand_value: randomFillSync(bytes).readBigUInt64LE() })
        if (++made === samples) enough.abort()
      })
      await numbers.run(AbortSignal.any([signal, enough.signal]))
    },
  }
}
