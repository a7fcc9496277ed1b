import { defineInput, duration, flag } from 'sluice/plugin'
import { inventoryInput } from './inventory-input.js'

export default defineInput({
  summary: 'Tells what the machine is: board, system, processor, disks, network interfaces.',
  options: {
    interval: duration('Time between two readings; each starts a few short programs.', {
      default: '1h',
      minimum: 1000,
    }),
    serials: flag('Add serial numbers, the UUID and the MAC addresses, which tell this machine from all others.', {
      default: false,
    }),
  },
  full: 'drop_oldest',
  create: (options, context) => inventoryInput(options, context),
})
