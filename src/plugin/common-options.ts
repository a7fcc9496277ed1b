/** The options that plugins of one kind share, declared once. */

import { jsonDateFormats } from '../event/json-date.js'
import { choice, duration, flag, integer, list, size, text } from './options.js'

/** It is the name of a file below `storage.path`. */
const aliasForm = { pattern: '^[^/]{1,200}$', expects: 'a name of up to 200 characters, with no slash' } as const

/** Every input. */
export const inputOptions = {
  alias: text(
    'Name of this instance in logs and counters; by default the plugin and a number, such as `cpu.0`.',
    aliasForm,
  ),
  tag: text('Tag of the events; by default the name of this instance.', { filled: true }),
  ack: choice(
    'When whoever sent an event is told that it was taken: once it is in memory, once it is on disk, or once every matching output has it.',
    ['received', 'stored', 'delivered'],
  ),
  full: choice(
    'What happens when the memory for events is full: the input waits, its oldest events go, or its newest.',
    ['wait', 'drop_oldest', 'drop_newest'],
  ),
  lane: text('Lane of the log that keeps the events: `default`, or a name from `service.lanes`.', {
    default: 'default',
  }),
} as const

/** Inputs that read at intervals: spread these into the options, and build the input with `every`. */
export const scheduled = {
  interval: duration('Time between two readings.', { default: '1s', minimum: 10 }),
} as const

/** Inputs that read text or bytes of a format the user chooses. */
export const parsed = {
  parser: text('Format of what is read: a name from `parsers`, or a codec such as `json`.', { refers: 'parser' }),
} as const

/** Every filter. */
export const filterOptions = {
  alias: text(
    'Name of this instance in logs and counters; by default the plugin and a number, such as `grep.0`.',
    aliasForm,
  ),
  match: text('Pattern of the tags this filter sees; `*` stands for any run of characters.'),
  match_regex: text('Regular expression of the tags this filter sees, instead of `match`.'),
} as const

/** Every output. */
export const outputOptions = {
  alias: text(
    'Name of this instance in logs and counters; by default the plugin and a number, such as `http.0`.',
    aliasForm,
  ),
  match: text('Pattern of the tags sent here; `*` stands for any run of characters.'),
  match_regex: text('Regular expression of the tags sent here, instead of `match`.'),
  retry_limit: text('How often a failed batch is tried again: a number, `no_limits` or `no_retries`.', {
    default: 'no_limits',
    pattern: String.raw`^(\d+|[nN]o_[lL]imits|[nN]o_[rR]etries|[fF]alse|[oO]ff)$`,
    expects: 'a number, no_limits or no_retries',
  }),
  max_batch_bytes: size('Most bytes in one flush.', { default: '1MiB', minimum: 1024 }),
  max_batch_age: duration('Longest that an event waits for others to join its batch; by default `service.flush`.'),
  max_in_flight: integer('How many batches may be under way at once.', { default: 1, minimum: 1, maximum: 64 }),
  start: choice(
    'What an output gets that was not there when the agent last ran: events from now on, or all that is on disk too.',
    ['newest', 'oldest'],
    { default: 'newest' },
  ),
  order: choice(
    'What goes first after an outage: the oldest events, or those that come from now on, with the backlog when there are none.',
    ['oldest_first', 'newest_first'],
    { default: 'oldest_first' },
  ),
  backfill_rate: size('With `newest_first`, most bytes of the backlog in a second.', { minimum: 1 }),
  backfill_per_day: size('With `newest_first`, most bytes of the backlog in 24 hours.', { minimum: 1 }),
  max_age: duration('Events older than this are dropped for this output, and counted as `expired`.', { minimum: 1000 }),
  flush_timeout: duration('Longest that one flush may take before it counts as failed.', {
    default: '60s',
    minimum: 100,
  }),
} as const

/** Every stage of an HTTP server. */
export const stageOptions = {
  alias: text(
    'Name of this instance in logs and counters; by default the plugin and a number, such as `static.0`.',
    aliasForm,
  ),
  hosts: list('Hosts that it serves, such as `panel.example` or `*.example`; by default all.'),
  path: text('Path that it serves, with all below it.', { default: '/', pattern: '^/', expects: 'a path such as /ui' }),
} as const

/** Outputs that write a format the user chooses. */
export const formatted = {
  format: text('Codec that the events are written in.', { default: 'json', refers: 'format' }),
} as const

/** Codecs, and outputs that choose one: where a formatted record holds its time. */
export const dated = {
  json_date_key: text('Field that holds the time when records are written; `false` leaves the time out.', {
    default: 'date',
    aliases: ['date_key'],
  }),
  json_date_format: choice(
    'How the time is written: seconds with up to nine decimals, ISO 8601 or `2026-11-23 21:03:00.123456`, both in UTC, whole seconds or milliseconds.',
    jsonDateFormats,
    { default: 'double', aliases: ['date_format'] },
  ),
} as const

/** Codecs: how a parser finds the time and the types of a record's fields. */
export const parserOptions = {
  time_key: text('Field that holds the time of the event.'),
  time_format: list(
    'strptime format of the time, with %L for fractions, or several, of which the first that fits is taken; without it epoch numbers and ISO 8601 are understood.',
  ),
  time_keep: flag('Keep the time field in the record.', { default: false }),
  time_offset: text('Zone of times that state none, such as `+0200`.', {
    pattern: String.raw`^([+-]\d{2}:?\d{2}|Z|UTC)$`,
    expects: 'a zone such as +0200',
  }),
  time_zone: text('Zone of times that state none, by its IANA name, such as `Europe/Madrid`.'),
  time_system_timezone: flag('Times that state no zone are in the zone of this machine.', { default: false }),
  time_strict: flag('A time that does not fit the format is an error, not the time of reading.', { default: true }),
  types: list('Types of fields, each `field:type` with type integer, float, bool, hex or string.'),
  decode_field: list(
    'Each `json field`: puts the fields of the JSON object that the text of the field is into the record.',
  ),
  decode_field_as: list(
    'Each `json field`, `escaped field`, `escaped_utf8 field` or `mysql_quoted field`: puts what the text of the field stands for in its place.',
  ),
  skip_empty_values: flag('Leave fields out whose value is empty.', { default: true }),
} as const
