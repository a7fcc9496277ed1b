import { hostForm } from 'sluice/net'
import { defineInput, duration, flag, integer, scheduled, text } from 'sluice/plugin'
import { healthInput } from './health-input.js'

export default defineInput({
  summary: 'Tells whether a TCP server takes connections.',
  options: {
    ...scheduled,
    host: text('Name or address of the server.', { required: true, ...hostForm }),
    port: integer('Its port.', { required: true, minimum: 1, maximum: 65_535 }),
    connect_timeout: duration('Longest wait for a connection; a server that takes longer is not alive.', {
      default: '10s',
      minimum: 10,
      aliases: ['net.connect_timeout'],
    }),
    alert: flag('Give records only while the server is not alive.', { default: false }),
    add_host: flag('Add the host, as `hostname`.', { default: false }),
    add_port: flag('Add the port, as `port`.', { default: false }),
  },
  full: 'drop_oldest',
  create: (options, context) => healthInput(options, context),
})
