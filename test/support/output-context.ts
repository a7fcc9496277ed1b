import { type Clock, systemClock } from '../../src/base/clock.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { EncodedEvents } from '../../src/event/event.js'
import type { Formatter, OutputContext } from '../../src/plugin/context.js'
import { RecordingLogger } from './plugin-context.js'

/** The engine as an output sees it, remembering what it counts and logs. */
export class RecordingOutputContext implements OutputContext {
  readonly id = 'test.0'
  readonly log = new RecordingLogger()
  readonly counted: Record<string, number> = {}
  readonly clock: Clock

  constructor(clock: Clock = systemClock) {
    this.clock = clock
  }

  count(name: string, amount = 1): void {
    this.counted[name] = (this.counted[name] ?? 0) + amount
  }

  formatter(name: string, options: { readonly [name: string]: unknown } = {}): Formatter {
    const objects = (chunks: readonly EncodedEvents[]): unknown[] =>
      chunks.flatMap((chunk) =>
        [...readEvents(chunk)].map(({ time, record }) =>
          options['json_date_key'] === 'false' ? record : { date: time.seconds, ...record },
        ),
      )
    if (name === 'json')
      return { contentType: 'application/json', format: (chunks) => Buffer.from(JSON.stringify(objects(chunks))) }
    if (name === 'ndjson') {
      return {
        contentType: 'application/x-ndjson',
        format: (chunks) =>
          Buffer.from(
            objects(chunks)
              .map((object) => `${JSON.stringify(object)}\n`)
              .join(''),
          ),
      }
    }
    return {
      contentType: 'application/msgpack',
      format: (chunks) => Buffer.concat(chunks.map((chunk) => chunk.entries)),
    }
  }
}
