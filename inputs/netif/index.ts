import { defineInput, flag, scheduled, text } from 'sluice/plugin'
import { netifInput } from './netif-input.js'

export default defineInput({
  summary: 'Reads how much went over network interfaces.',
  options: {
    ...scheduled,
    interface: text('Interfaces whose name begins so, such as `eth`; by default all but `lo`.'),
    verbose: flag('Add the rarer counters, such as drops and collisions.', { default: false }),
    test_at_init: flag('Fail at the start when there is no such interface, instead of waiting for it.', {
      default: false,
    }),
  },
  full: 'drop_oldest',
  create: (options, context) => netifInput(options, context),
})
