import { defineStage } from 'sluice/http'
import { anything, integer, size, text } from 'sluice/plugin'

import { ServiceStage } from './service-stage.js'

export default defineStage({
  summary: 'Runs a web service of your own: a module with routes, WebSockets and timers.',
  anyTag: true,
  options: {
    module: text('File of the module, which exports what `defineService` makes; relative to the configuration file.', {
      required: true,
      file: true,
    }),
    options: anything('What the service gets as its options.', {}),
    max_sockets: integer('WebSockets at once; further ones get a 503.', { default: 64, minimum: 0, maximum: 65_535 }),
    max_message_size: size('Longest message of a WebSocket; a longer one closes it.', {
      default: '64KiB',
      minimum: 1,
      maximum: 2 ** 30,
    }),
  },
  check: async (options) => (await import('./check-module.js')).checkModule(options),
  runs: ({ module }) => module,
  create: (options, context) => new ServiceStage(options, context),
})
