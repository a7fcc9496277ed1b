import { flag, integer, text } from '../plugin/options.js'
import { optionsSchema } from './instance-schema.js'

/** What a server of `upstream_servers` may be told, besides options of the outputs that name its group. */
export const nodeOptions = {
  name: text('Name of this server in logs.'),
  host: text('Name or address of this server.', { required: true }),
  weight: integer('How much of the work it gets, beside the weights of the others.', {
    default: 1,
    minimum: 1,
    maximum: 999,
  }),
  standby: flag('Send to it only while no other server is online.', { default: false }),
} as const

export const nodeSchema = optionsSchema(nodeOptions)
