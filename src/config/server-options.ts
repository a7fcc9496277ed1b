import { httpServerOptions } from '../http/http-options.js'
import { sharingOptions } from '../net/sharing.js'
import { inputOptions } from '../plugin/common-options.js'
import { text, type ValuesOf } from '../plugin/options.js'
import { optionsSchema } from './instance-schema.js'

const { ack, full, lane } = inputOptions

/** What a server of the section `http` may be told besides its stages. Its events are those of its stages. */
export const serverOptions = {
  alias: text('Name of this server in logs and counters; by default `server.0` and so on.', {
    pattern: '^[^/]{1,200}$',
    expects: 'a name of up to 200 characters, with no slash',
  }),
  ...httpServerOptions(8080),
  ...sharingOptions,
  tag: text('Tag of the events that its stages make; by default the name of this server.', { filled: true }),
  ack,
  full,
  lane,
} as const

export const serverSchema = optionsSchema(serverOptions)

export type ServerValues = ValuesOf<typeof serverOptions> & { readonly tag: string }
