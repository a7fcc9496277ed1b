import asc from '../../codecs/asc/index.js'
import trc from '../../codecs/trc/index.js'
import candump from '../../codecs/candump/index.js'
import csv from '../../codecs/csv/index.js'
import gelf from '../../codecs/gelf/index.js'
import influx from '../../codecs/influx/index.js'
import json from '../../codecs/json/index.js'
import logfmt from '../../codecs/logfmt/index.js'
import ltsv from '../../codecs/ltsv/index.js'
import msgpack from '../../codecs/msgpack/index.js'
import ndjson from '../../codecs/ndjson/index.js'
import sparkplug from '../../codecs/sparkplug/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import { formerCodecs } from '../../src/config/check-parsers.js'
import { LatestStore } from '../../src/engine/latest-store.js'
import type { Formatter, OutputContext } from '../../src/plugin/context.js'
import type { Codec } from '../../src/plugin/define.js'
import type { Latest } from '../../src/plugin/latest.js'
import { optionsOf } from './options.js'
import { RecordingLogger } from './plugin-context.js'

type Given = { readonly [name: string]: unknown }

/** The engine as an output sees it, with the real codecs, remembering what it counts and logs. */
export class RecordingOutputContext implements OutputContext {
  readonly id = 'test.0'
  readonly log = new RecordingLogger()
  readonly counted: Record<string, number> = {}
  readonly clock: Clock
  readonly latest: Latest

  constructor(clock: Clock = systemClock) {
    this.clock = clock
    this.latest = new LatestStore(clock)
  }

  count(name: string, amount = 1): void {
    this.counted[name] = (this.counted[name] ?? 0) + amount
  }

  formatter(name: string, options: Given = {}): Formatter {
    const { formatter } = this.#codec(formerCodecs[name] ?? name, options)
    if (formatter) return formatter
    throw new Error(`the codec "${name}" does not write`)
  }

  #codec(name: string, options: Given): Codec {
    switch (name) {
      case 'gelf':
        return gelf.create(optionsOf(gelf, options), this)
      case 'json':
        return json.create(optionsOf(json, options), this)
      case 'ndjson':
        return ndjson.create(optionsOf(ndjson, options), this)
      case 'msgpack':
        return msgpack.create(optionsOf(msgpack, options), this)
      case 'csv':
        return csv.create(optionsOf(csv, options), this)
      case 'candump':
        return candump.create(optionsOf(candump, options), this)
      case 'asc':
        return asc.create(optionsOf(asc, options), this)
      case 'trc':
        return trc.create(optionsOf(trc, options), this)
      case 'influx':
        return influx.create(optionsOf(influx, options), this)
      case 'ltsv':
        return ltsv.create(optionsOf(ltsv, options), this)
      case 'logfmt':
        return logfmt.create(optionsOf(logfmt, options), this)
      case 'sparkplug':
        return sparkplug.create(optionsOf(sparkplug, options), this)
      default:
        throw new Error(`this test has no codec "${name}"`)
    }
  }
}
