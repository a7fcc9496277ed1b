import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { AgentError, PartialError, PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'

/** An output before a real destination that does as it is told. */
export interface OutputUnderTest {
  readonly output: Output
  /** The records that the destination took, in order. */
  readonly taken: () => readonly EventRecord[] | Promise<readonly EventRecord[]>
  /** From now on the destination takes everything. */
  readonly accept: () => void | Promise<void>
  /** From now on it fails in a way that passes. */
  readonly fail?: () => void | Promise<void>
  /** From now on it refuses everything for good. */
  readonly refuse?: () => void | Promise<void>
  /** From now on it refuses the record `{n: 1}` for good and takes all others. */
  readonly refuseOne?: () => void | Promise<void>
  /** From now on it takes the connection, or the bytes, and says nothing; `reached` resolves once a flush waits for it. */
  readonly hang?: () => { readonly reached: Promise<void> }
  /** Ends the destination; the output is closed already. */
  readonly end: () => void | Promise<void>
}

type Fault = 'fail' | 'refuse' | 'refuseOne' | 'hang'

const records = [{ n: 0 }, { n: 1 }, { n: 2 }] as const

/**
 * What the engine relies on, whatever the output. `faults` names what this destination can be made to do; a suite that names a
 * fault its factory lacks fails.
 */
export function outputContract(name: string, create: () => Promise<OutputUnderTest>, faults: readonly Fault[]): void {
  describe(`the output contract of ${name}`, () => {
    let made: OutputUnderTest | undefined
    const begin = async (): Promise<OutputUnderTest> => (made = await create())
    afterEach(async () => {
      await made?.output.close?.()
      await made?.end()
      made = undefined
    })
    delivers(begin)
    if (faults.includes('fail')) retries(begin)
    if (faults.includes('refuse')) refuses(begin)
    if (faults.includes('refuseOne')) refusesInPart(begin)
    if (faults.includes('hang')) hangs(begin)
    closes(begin)
  })
}

type Begin = () => Promise<OutputUnderTest>

function delivers(begin: Begin): void {
  test('a flush resolves once the destination has every event, in order', async () => {
    const { output, accept, taken } = await begin()
    await accept()
    await output.flush(batchOf(samples()), new AbortController().signal)
    assert.deepEqual(await taken(), records)
  })

  test('batches of several tags arrive whole', async () => {
    const { output, accept, taken } = await begin()
    await accept()
    const [first, second, third] = samples()
    assert.ok(first && second && third)
    await output.flush(batchOf([first, { ...second, tag: 'other' }, third]), new AbortController().signal)
    assert.equal((await taken()).length, records.length)
  })

  test('a flush whose signal is aborted already settles at once', async () => {
    const { output, accept } = await begin()
    await accept()
    await settled(output.flush(batchOf(samples()), AbortSignal.abort(new AgentError('TEST_ABORT', 'aborted'))))
  })
}

function retries(begin: Begin): void {
  test('a failure that passes asks for a retry, and the retry delivers', async () => {
    const under = await begin()
    await required(under.fail)()
    const error = await rejection(under.output.flush(batchOf(samples()), new AbortController().signal))
    assert.ok(error instanceof AgentError, `expected an AgentError, got ${error.stack}`)
    assert.ok(
      !(error instanceof PermanentError) && !(error instanceof PartialError),
      `expected a retry, got ${error.name}`,
    )
    await under.accept()
    await under.output.flush(batchOf(samples(), 2), new AbortController().signal)
    assert.deepEqual(await under.taken(), records)
  })
}

function refuses(begin: Begin): void {
  test('a refusal for good is a PermanentError', async () => {
    const under = await begin()
    await required(under.refuse)()
    const error = await rejection(under.output.flush(batchOf(samples()), new AbortController().signal))
    assert.ok(error instanceof PermanentError, `expected a PermanentError, got ${error.stack}`)
    assert.deepEqual(await under.taken(), [])
  })
}

function refusesInPart(begin: Begin): void {
  test('refused events are named by their indexes, and the others are delivered', async () => {
    const under = await begin()
    await required(under.refuseOne)()
    const error = await rejection(under.output.flush(batchOf(samples()), new AbortController().signal))
    assert.ok(error instanceof PartialError, `expected a PartialError, got ${error.stack}`)
    assert.deepEqual([...error.rejected.keys()], [1])
    assert.deepEqual(await under.taken(), [records[0], records[2]])
  })
}

function hangs(begin: Begin): void {
  test('a flush that hangs ends when its signal is aborted, and a later one delivers', async () => {
    const under = await begin()
    const { reached } = required(under.hang)()
    const abort = new AbortController()
    const flushed = settled(under.output.flush(batchOf(samples()), abort.signal))
    await reached
    abort.abort(new AgentError('TEST_ABORT', 'aborted'))
    assert.equal(await flushed, 'rejected')
    await under.accept()
    await under.output.flush(batchOf(samples(), 2), new AbortController().signal)
    assert.deepEqual((await under.taken()).slice(-records.length), records)
  })
}

function closes(begin: Begin): void {
  test('closing needs no flush before it, and may come twice', async () => {
    const { output } = await begin()
    await output.close?.()
    await output.close?.()
  })
}

function samples(): { tag?: string; seconds: number; record: EventRecord }[] {
  return records.map((record, index) => ({ seconds: 1_700_000_000 + index, record }))
}

function required<T>(fault: T | undefined): T {
  assert.ok(fault, 'the factory cannot bring about a fault that its suite names')
  return fault
}

async function settled(promise: Promise<void>): Promise<'resolved' | 'rejected'> {
  return promise.then(
    () => 'resolved',
    () => 'rejected',
  )
}

async function rejection(promise: Promise<void>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(outcome instanceof Error, 'the flush resolved, or rejected with something that is no Error')
  return outcome
}
