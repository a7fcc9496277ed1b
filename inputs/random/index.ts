import { randomBytes } from 'node:crypto'
import { defineInput, every, integer, scheduled } from 'sluice/plugin'

export default defineInput({
  summary: 'Makes random numbers, to try a pipeline out.',
  options: {
    ...scheduled,
    samples: integer('Events in all, after which the input is done; -1 for no end.', { default: -1, minimum: -1 }),
  },
  full: 'drop_oldest',
  create({ interval, samples, tag }, context) {
    let left = samples
    const done = new AbortController()
    const readings = every(interval, context, () => {
      context.emit(tag, { rand_value: randomBytes(8).readBigUInt64LE() })
      if (--left === 0) done.abort()
    })
    return { run: (signal) => readings.run(AbortSignal.any([signal, done.signal])) }
  },
})
