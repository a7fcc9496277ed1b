import { httpServerOptions } from '../http/http-options.js'
import { inputOptions } from '../plugin/common-options.js'
import { type Schema, text, type ValuesOf } from '../plugin/options.js'
import { optionsSchema } from './instance-schema.js'

const { ack, full, lane } = inputOptions

/** What a server of the section `http` may be told besides its stages. Its events are those of its stages. */
export const serverOptions = {
  alias: text('Name of this server in logs and counters; by default `server.0` and so on.', {
    pattern: '^[^/]{1,200}$',
    expects: 'a name of up to 200 characters, with no slash',
  }),
  ...httpServerOptions(8080),
  tag: text('Tag of the events that its stages make; by default the name of this server.', { filled: true }),
  ack,
  full,
  lane,
} as const

const workers = 'stages share what they keep; the input `http` takes events with several `workers`'

export const serverSchema: Schema = {
  ...optionsSchema(serverOptions),
  'x-unsupported': { workers, 'http_server.workers': workers },
}

export type ServerValues = ValuesOf<typeof serverOptions> & { readonly tag: string }
