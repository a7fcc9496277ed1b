import { defineStage } from '../../src/http/define-stage.js'
import {
  choice,
  defineCodec,
  defineFilter,
  defineInput,
  defineOutput,
  flag,
  formatted,
  integer,
  list,
  listOf,
  map,
  parsed,
  record,
  scheduled,
  secret,
  size,
  text,
} from '../../src/plugin/index.js'

const still = { run: () => Promise.resolve() }

/** One small plugin for each thing that a configuration can say. */
export const smallPlugins = {
  'input.meter': defineInput({
    summary: 'Reads at intervals.',
    full: 'drop_oldest',
    options: {
      ...scheduled,
      detail: choice('How much.', ['total', 'core'], { default: 'total' }),
      verbose: flag('More.', { default: false }),
    },
    unsupported: { pid: 'use the input `proc` instead' },
    create: () => still,
  }),
  'input.reader': defineInput({
    summary: 'Reads a file.',
    full: 'wait',
    options: {
      ...parsed,
      path: list('Files.', { required: true }),
      limit: size('Longest line.', { default: '32KiB' }),
      sample: record('A record.'),
      parts: listOf('Parts.', { parser: text('Of a part.', { refers: 'parser' }) }),
    },
    create: () => still,
  }),
  'input.any': defineInput({ summary: 'Any tag.', full: 'wait', anyTag: true, options: {}, create: () => still }),
  'filter.keep': defineFilter({
    summary: 'Keeps.',
    options: { regex: list('Patterns.') },
    create: () => ({ apply: (event) => event }),
  }),
  'filter.retag': defineFilter({
    summary: 'Retags.',
    anyTag: true,
    options: {},
    create: () => ({ apply: (event) => event }),
  }),
  'output.show': defineOutput({
    summary: 'Shows.',
    options: { ...formatted },
    create: () => ({ flush: () => Promise.resolve() }),
  }),
  'output.null': defineOutput({ summary: 'Nothing.', options: {}, create: () => ({ flush: () => Promise.resolve() }) }),
  'output.send': defineOutput({
    summary: 'Sends.',
    options: {
      host: text('Host.', { default: '127.0.0.1' }),
      port: integer('Port.', { default: 24224, minimum: 1, maximum: 65535 }),
      headers: map('Headers.'),
      password: secret('Password.'),
    },
    create: () => ({ flush: () => Promise.resolve() }),
  }),
  'stage.page': defineStage({
    summary: 'Shows a page.',
    options: {
      root: text('Folder.', { required: true }),
      colour: choice('Colour.', ['red', 'blue'], { default: 'red' }),
    },
    shared: true,
    create: () => ({}),
  }),
  'stage.runs': defineStage({
    summary: 'Runs a file.',
    anyTag: true,
    options: { ...parsed, file: text('File.', { required: true, file: true }) },
    create: () => ({}),
  }),
  'codec.json': defineCodec({ summary: 'JSON.', options: {}, create: () => ({ framing: 'json' }) }),
  'codec.ndjson': defineCodec({ summary: 'JSON lines.', options: {}, create: () => ({ framing: 'lines' }) }),
  'codec.regex': defineCodec({
    summary: 'Regex.',
    options: { regex: text('The expression.', { required: true }) },
    create: () => ({ framing: 'lines' }),
  }),
}
