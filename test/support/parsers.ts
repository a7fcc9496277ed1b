import csv from '../../codecs/csv/index.js'
import json from '../../codecs/json/index.js'
import msgpack from '../../codecs/msgpack/index.js'
import none from '../../codecs/none/index.js'
import { systemClock } from '../../src/base/clock.js'
import { createParser } from '../../src/parse/parser.js'
import type { Parser } from '../../src/plugin/context.js'
import { optionsOf } from './options.js'
import { parserDefaults } from './parser-options.js'
import { RecordingLogger } from './plugin-context.js'

const context = { id: 'codec', log: new RecordingLogger(), clock: systemClock, count: (): void => undefined }

/** The parsers that inputs name most, as an agent would make them. */
export function parserNamed(name: string): Parser {
  switch (name) {
    case 'csv':
      return createParser(csv.create(optionsOf(csv), context), parserDefaults, systemClock)
    case 'json':
      return createParser(json.create(optionsOf(json), context), parserDefaults, systemClock)
    case 'msgpack':
      return createParser(msgpack.create(optionsOf(msgpack), context), parserDefaults, systemClock)
    case 'none':
      return createParser(none.create(optionsOf(none), context), parserDefaults, systemClock)
    default:
      throw new Error(`this test has no parser "${name}"`)
  }
}
