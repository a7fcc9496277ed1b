import assert from 'node:assert/strict'

import type { CheckedLane } from '../../src/config/pipeline.js'
import type { AppenderSettings } from '../../src/log/appender.js'
import type { Batch } from '../../src/plugin/define.js'
import { PartialError, PermanentError } from '../../src/plugin/errors.js'
import { assertBalanced, sum } from './balance.js'
import { type Trouble, troubles } from './disk-troubles.js'
import { settle } from './fake-clock.js'
import { ForgetfulFiles } from './forgetful-files.js'
import { logFolder, Machine, machineLane, numbersIn, slowBackfill } from './machine.js'
import { randomOf } from './random.js'

export type Fate = 'deliver' | 'fail' | 'refuse' | 'part' | 'hang'

export type Step =
  | { readonly do: 'emit'; readonly tag: string; readonly count: number; readonly fill: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'fate'; readonly output: number; readonly fate: Fate }
  | { readonly do: 'cut'; readonly after: number; readonly seed: number; readonly kind: 'power' | 'kill' }
  | { readonly do: 'restart' }
  | { readonly do: 'trouble'; readonly with: Trouble }

export interface Setting {
  readonly lane: Partial<CheckedLane>
  readonly input?: Partial<AppenderSettings>
  readonly newestFirst?: boolean
  readonly firstMaxAgeMs?: number
  readonly maxInFlight?: number
  /** Events may be dropped, as long as each of them is counted. */
  readonly isLossy?: boolean
}

/** What one output got, over all runs. */
class Receiver {
  readonly times = new Map<number, number>()
  readonly buried = new Set<number>()
  fate: Fate = 'deliver'
  /** What was delivered to it, and when, since the run began. */
  recent: { readonly n: number; readonly at: number }[] = []
  /** What a restart must know of as delivered. */
  known = new Set<number>()
  hanging: (() => void)[] = []
  duplicates = 0
}

/** A group waits for others, its disk for its turn; and a cut is noticed somewhat late. */
const lateMs = 300

const matching: readonly ((tag: string) => boolean)[] = [(tag) => tag === 'a', () => true]

/** A history of runs on one disk that loses power now and then, with all that its sender and its receivers saw of it. */
export class PowerCuts {
  files = new ForgetfulFiles()
  machine: Machine
  readonly receivers = [new Receiver(), new Receiver()]
  readonly tags = new Map<number, string>()
  readonly stored = new Set<number>()
  readonly answers = new Map<number, number>()
  /** When each event was handed over that nobody has answered for, by the clock of this run. */
  readonly #unanswered = new Map<number, number>()
  restarts = 0
  /** Whether a run ended without a checkpoint of what it had counted. */
  #isUncounted = false
  #isSaved = false
  #trouble: Trouble = 'none'
  #hadTrouble = false
  /** When the lane was last seen to wait for its disk, by the clock of this run. */
  #waitedAt = -Infinity
  readonly #setting: Setting
  #next = 0

  constructor(setting: Setting) {
    this.#setting = setting
    this.machine = this.#create()
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'emit':
        return this.#emit(step)
      case 'advance':
        return this.machine.clock.advance(step.ms)
      case 'fate':
        return void ((this.receivers[step.output] as Receiver).fate = step.fate)
      case 'cut':
        return this.#cut(step)
      case 'trouble':
        this.#hadTrouble = true
        return void (this.#trouble = step.with)
      case 'restart':
        return this.#stopAndStart()
    }
  }

  async start(): Promise<void> {
    assert.ok(await this.machine.start())
    this.assertBalanced()
  }

  /** Lets everything arrive that is still to. */
  async drain(): Promise<void> {
    this.#trouble = 'none'
    for (const receiver of this.receivers) {
      receiver.fate = 'deliver'
      for (const resolve of receiver.hanging.splice(0)) resolve()
    }
    for (let second = 0; second < 300 && !this.#isIdle; second++) await this.machine.clock.advance(1000)
  }

  get #isIdle(): boolean {
    const { inputs, outputs } = this.machine.ledger.toJSON()
    const isPending = [...Object.values(inputs), ...Object.values(outputs)].some(({ pending }) => pending > 0)
    return !isPending && this.machine.lane.budget.used === 0 && this.files.opened === 0 && this.#segments().length === 0
  }

  assertBalanced(): void {
    assertBalanced(this.machine.ledger.toJSON())
  }

  /** Nothing that was promised is missing, nothing came that was not sent. */
  assertWhole(): void {
    for (const [index, { times, buried }] of this.receivers.entries()) {
      for (const n of times.keys()) assert.ok(this.tags.has(n), `event ${n} was never sent`)
      const isMissing = (n: number): boolean =>
        matching[index]?.(this.tags.get(n) ?? '') === true && !times.has(n) && !buried.has(n)
      const missing = [...this.stored].filter(isMissing)
      assert.ok(
        missing.length <= this.#mayMiss(index),
        `output ${index} never got ${missing.join()}, which were stored`,
      )
    }
    for (const [n, count] of this.answers) assert.ok(count <= 1, `event ${n} was answered ${count} times`)
  }

  /** Everything that was given out is given back. */
  async assertIdle(): Promise<void> {
    const { machine, files } = this
    const { inputs, outputs } = machine.ledger.toJSON()
    for (const { pending, dropped } of [...Object.values(inputs), ...Object.values(outputs)]) {
      assert.equal(pending, 0, JSON.stringify({ inputs, outputs }))
      assert.equal(dropped['corrupt'] ?? 0, 0, JSON.stringify({ inputs, outputs }))
    }
    assert.equal(machine.lane.budget.used, 0, 'memory is given back')
    if (!this.#hadTrouble)
      assert.deepEqual(
        machine.lines('error').filter((line) => !/given up|quarantine/.test(line)),
        [],
      )
    assert.deepEqual(this.#segments(), [], 'segments are released')
    assert.equal(files.opened, 0, 'what was released is closed')
    await machine.stop()
    assert.equal(machine.clock.waiting, 0, 'no timer is left')
  }

  /** But for those that were left out at the start, on a disk that would neither be read nor written. */
  #segments(): string[] {
    const isLeftOut = (path: string): boolean =>
      this.machine.lines('error').some((line) => line.startsWith(`${path}: left out: E`))
    return this.files.paths.filter((path) => /default\/[0-9a-f]+\.seg$/.test(path) && !isLeftOut(path))
  }

  /** How many stored events an output may have been denied. What was dropped after the last checkpoint is not counted. */
  #mayMiss(index: number): number {
    if (!this.#setting.isLossy) return 0
    const { dropped = {} } = this.machine.ledger.toJSON().outputs[`out${index}`] ?? {}
    return this.#isUncounted ? Infinity : sum(dropped)
  }

  #create(): Machine {
    const { files, receivers } = this
    const { lane, input = {}, newestFirst, firstMaxAgeMs = Infinity, maxInFlight = 1 } = this.#setting
    const backfill = newestFirst ? { backfill: slowBackfill(() => this.machine.clock.monotonic()) } : {}
    files.fault = (operation, path) => {
      if (operation === 'makeFolder' && path === logFolder) this.#checkpointBegun()
      const code = troubles[this.#trouble](operation, path)
      if (operation === 'syncFolder' && path === logFolder && code === undefined) this.#checkpointDone()
      return code
    }
    return new Machine({
      files,
      lane,
      input,
      outputs: receivers.map((receiver, index) => ({
        id: `out${index}`,
        matches: matching[index] as (tag: string) => boolean,
        output: { flush: (batch) => this.#receive(files, receiver, batch) },
        buried: (events) => {
          if (files.isFrozen) return
          for (const n of numbersIn(events)) receiver.buried.add(n)
        },
        ...backfill,
        maxAgeMs: index === 0 ? firstMaxAgeMs : Infinity,
      })),
      // So that an output that wants the newest first is soon behind by more than it goes on with.
      flush: { maxInFlight, ...(newestFirst ? { maxBatchBytes: 2048 } : {}) },
    })
  }

  async #receive(files: ForgetfulFiles, receiver: Receiver, batch: Batch): Promise<void> {
    const { fate } = receiver
    if (fate === 'hang') await new Promise<void>((resolve) => receiver.hanging.push(resolve))
    // The machine is off: what it still does is nobody's business.
    if (files.isFrozen) return new Promise(() => undefined)
    const numbers = numbersIn(batch.chunks)
    if (fate === 'fail') throw new Error('down')
    if (fate === 'refuse') throw new PermanentError('TEST_NO', 'never')
    const refused = fate === 'part' ? numbers.length - 1 : -1
    for (const [index, n] of numbers.entries()) if (index !== refused) this.#received(receiver, n)
    if (refused >= 0) throw new PartialError('TEST_PART', 'the last one', new Map([[refused, 'bad']]))
  }

  #received(receiver: Receiver, n: number): void {
    const before = receiver.times.get(n) ?? 0
    assert.ok(!receiver.known.has(n), `event ${n} came again though a checkpoint knew of it`)
    if (before > 0) receiver.duplicates++
    receiver.times.set(n, before + 1)
    receiver.recent.push({ n, at: this.machine.clock.monotonic() })
  }

  #begun: Set<number>[] = []

  /** What was delivered before this moment is in the checkpoint; of this very moment nobody knows. */
  #checkpointBegun(): void {
    const now = this.machine.clock.monotonic()
    this.#begun = this.receivers.map(({ recent }) => new Set(recent.filter(({ at }) => at < now).map(({ n }) => n)))
  }

  #checkpointDone(): void {
    this.#isSaved = true
    for (const [index, numbers] of this.#begun.entries()) for (const n of numbers) this.receivers[index]?.known.add(n)
  }

  async #emit({ tag, count, fill }: Extract<Step, { do: 'emit' }>): Promise<void> {
    const { machine, files } = this
    for (let each = 0; each < count && machine.input.hasRoom; each++) {
      const n = this.#next++
      this.tags.set(n, tag)
      this.#unanswered.set(n, machine.clock.monotonic())
      machine.put(tag, n, fill, (error) => {
        if (files.isFrozen) return
        this.#unanswered.delete(n)
        this.answers.set(n, (this.answers.get(n) ?? 0) + 1)
        if (!error) this.stored.add(n)
      })
    }
    await settle()
  }

  async #cut({ after, seed, kind }: Extract<Step, { do: 'cut' }>): Promise<void> {
    const { files } = this
    files.freezeAt = files.operations + after
    for (let moment = 0; moment < 20 && !files.isFrozen; moment++) {
      if (this.machine.lane.backlog?.trouble) this.#waitedAt = this.machine.clock.monotonic()
      await this.machine.clock.advance(moment * 10)
    }
    files.freezeAt = 0
    this.#assertPrompt()
    this.#isUncounted = true
    await this.#restart(kind === 'power' ? files.cut(randomOf(seed)) : files.killed())
  }

  /** On a disk with room no event waits longer than its lane says: what a cut can cost is what came within that time. */
  #assertPrompt(): void {
    const { clock, lane } = this.machine
    if (this.#hadTrouble || lane.backlog?.trouble) return
    const delayMs = this.#setting.lane.mode === 'spill' ? machineLane.spill_after : 0
    // What waited for room may be on its way to disk, group by group.
    const since = clock.monotonic() - delayMs - lateMs
    const late = [...this.#unanswered].filter(([, at]) => Math.max(at, this.#waitedAt) < since)
    assert.deepEqual(late, [], `at ${clock.monotonic()} nobody had answered for these`)
  }

  /** A disk that takes nothing at the end takes no checkpoint either. */
  async #stopAndStart(): Promise<void> {
    this.#isSaved = false
    await this.machine.stop()
    assert.equal(this.files.opened, 0, 'no file is open after a stop')
    this.#isUncounted ||= !this.#isSaved
    return this.#restart(this.files)
  }

  async #restart(files: ForgetfulFiles): Promise<void> {
    this.restarts++
    // An agent that cannot read what it left must not begin anew.
    if (this.#trouble === 'read') this.#trouble = 'none'
    this.files = files
    this.#begun = []
    this.#unanswered.clear()
    this.#waitedAt = -Infinity
    for (const receiver of this.receivers) {
      receiver.recent = []
      receiver.hanging = []
    }
    this.machine = this.#create()
    await this.start()
  }
}
