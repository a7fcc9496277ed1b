import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'

import { stdinInput } from '../../inputs/stdin/stdin-input.js'
import { settle } from '../support/fake-clock.js'
import { systemClock } from '../../src/base/clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { parserNamed } from '../support/parsers.js'

const settings = { tag: 'in', parser: 'json', buffer_size: 1024 }

describe('stdin input', () => {
  it('takes records until the end and is done then', async () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    const source = Readable.from([Buffer.from('{"a":1}\n{"b"'), Buffer.from(':2}\n[5.5,{"c":3}]')])
    await stdinInput(settings, context, source).run(new AbortController().signal)
    assert.deepEqual(context.records, [{ a: 1 }, { b: 2 }, { c: 3 }])
    assert.deepEqual(context.events[2]?.time, { seconds: 5, nanoseconds: 500_000_000 })
  })

  it('does not read on while there is no room', async () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    context.hasRoom = false
    let read = 0
    const source = new Readable({
      highWaterMark: 1,
      read() {
        this.push(read++ < 100 ? '{"a":1}' : null)
      },
    })
    const done = stdinInput(settings, context, source).run(new AbortController().signal)
    await settle()
    assert.ok(read <= 3, `${read} were read`)
    context.hasRoom = true
    await done
    assert.equal(context.events.length, 100)
  })

  it('ends when told, though the stream goes on', async () => {
    const context = new RecordingInputContext(systemClock, parserNamed)
    const stop = new AbortController()
    const source = new Readable({ read: () => undefined })
    const done = stdinInput(settings, context, source).run(stop.signal)
    source.push('{"a":1}')
    await context.received(1)
    stop.abort()
    await done
    assert.equal(source.destroyed, true)
  })
})
