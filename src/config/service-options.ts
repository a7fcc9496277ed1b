import { choice, duration, list, named, type Schema, size, text, type ValuesOf } from '../plugin/options.js'
import { adminOptions } from './admin-options.js'
import { optionsSchema } from './instance-schema.js'
import { laneOptions, storageOptions } from './lane-options.js'
import { serviceIgnored, serviceUnsupported } from './fluent-bit-service.js'

/** What `service` may say: the settings of the agent as a whole. */
export const serviceOptions = {
  flush: duration('Longest that events wait in an open chunk before outputs see them.', { default: '1s', minimum: 10 }),
  grace: duration('Longest that the agent goes on delivering after it was told to stop; `-1` is for ever.', {
    default: '5s',
  }),
  log_level: choice('Least severe lines that the log shows.', ['off', 'error', 'warn', 'info', 'debug', 'trace'], {
    default: 'info',
    aliases: ['log.level'],
  }),
  log_file: text('File that the log is written to; by default standard error.', { aliases: ['logfile'] }),
  memory_limit: size('Most memory for everything that holds events.', { default: '64MiB', minimum: 1024 * 1024 }),
  'storage.path': text('Folder for what must outlive a restart: events, the offsets of files.'),
  ...storageOptions,
  lanes: named(
    'More lanes by their names, each with the settings of `storage` but for its path. An input chooses one with `lane`.',
    laneOptions,
  ),
  checkpoint_interval: duration(
    'How often it is written down how far each output has got, while there are events on disk.',
    {
      default: '1s',
      minimum: 10,
    },
  ),
  'scheduler.base': duration('Longest wait before the first retry; it doubles for each that follows.', {
    default: '1s',
    minimum: 10,
  }),
  'scheduler.cap': duration('Longest wait before any retry.', { default: '30s', minimum: 10 }),
  dead_letter_limit: size('Most bytes on disk of events that no retry can deliver; the oldest go.', {
    default: '16MiB',
  }),
  ...adminOptions,
  parsers_file: list('Files with more parsers, relative to this one.'),
} as const

export const serviceSchema: Schema = {
  ...optionsSchema(serviceOptions),
  'x-ignored': serviceIgnored,
  'x-unsupported': serviceUnsupported,
}

/** What the engine gets of `service`; durations in milliseconds (`grace` may be infinite), sizes in bytes. */
export type ServiceSettings = ValuesOf<Omit<typeof serviceOptions, 'parsers_file'>>
