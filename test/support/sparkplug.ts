import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../src/base/clock.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Batch, Output } from '../../src/plugin/define.js'
import { AgentError } from '../../src/plugin/errors.js'
import { batchOf } from './batch.js'
import type { Told } from './sparkplug-host.js'

const forever = new AbortController().signal

/** Events of now, each of the tag that it begins with. */
export function events(
  ...samples: readonly (readonly [tag: string, record: EventRecord, agoSeconds?: number])[]
): Batch {
  const seconds = Math.floor(systemClock.wall() / 1000)
  return batchOf(samples.map(([tag, record, ago = 0]) => ({ tag, seconds: seconds - ago, record })))
}

/** Type, device and values of each message, without what births have besides. */
export function brief(told: readonly Told[]): string[] {
  return told.map(({ type, device = '', metrics }) => {
    const own = metrics.filter(({ name }) => name !== 'bdSeq' && name !== 'Node Control/Rebirth')
    const values = own.map(({ name, type: dataType, value }) => `${name}:${dataType}=${String(value)}`)
    return [type, device, ...values].filter((word) => word !== '').join(' ')
  })
}

export function bdSeqOf(told: Told | undefined): unknown {
  return told?.metrics.find(({ name }) => name === 'bdSeq')?.value
}

/** Sequence numbers go up by one, from the 0 of each birth of the node. */
export function assertSeq(told: readonly Told[]): void {
  let next = 0
  for (const { type, seq } of told) {
    if (type === 'NDEATH') continue
    if (type === 'NBIRTH') next = 0
    assert.equal(seq, next % 256, type)
    next = (next + 1) % 256
  }
}

/** Flushes again and again, as the engine does. */
export async function insist(output: Output, batch: Batch): Promise<void> {
  for (let attempt = 1; attempt < 50_000; attempt++) {
    try {
      return await output.flush({ ...batch, attempt }, forever)
    } catch (error) {
      assert.ok(error instanceof AgentError, String(error))
      await setImmediate() // what comes from the broker is read in between
    }
  }
  throw new Error('fifty thousand flushes were not enough')
}
