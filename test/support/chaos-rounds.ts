import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { LedgerFigures } from '../../src/observe/ledger.js'
import type { ChaosSetting } from './chaos-agent.js'
import { MoodyReceiver, numbersOf } from './moody-receiver.js'
import { freePort } from './ports.js'
import { assertBalanced } from './balance.js'
import { TestProcess } from './process.js'
import { randomOf } from './random.js'

const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))
/** Numbers that one round may send. */
const perRound = 1_000_000

/** Rounds of an agent that is killed, and of its receiver, which is killed too and answers as it likes. */
export class ChaosRounds {
  readonly stored = new Set<number>()
  /** Stored, but on a disk that somebody took away. */
  readonly #forgiven = new Set<number>()
  readonly #sent: number[] = []
  readonly #random: () => number
  readonly #folder: string
  readonly #receiver: MoodyReceiver
  #agent: TestProcess | undefined

  private constructor(folder: string, port: number, seed: number) {
    this.#folder = folder
    this.#random = randomOf(seed)
    this.#receiver = new MoodyReceiver(port, this.#random)
  }

  static async begin(seed: number, within = tmpdir()): Promise<ChaosRounds> {
    return new ChaosRounds(await mkdtemp(join(within, 'sluice-chaos-')), await freePort(), seed)
  }

  /** Where the agent keeps what is to outlive it. */
  get folder(): string {
    return this.#folder
  }

  /** Events that came more than once, each time but the first. */
  get duplicates(): number {
    return this.#receiver.duplicates
  }

  get received(): number {
    return this.#receiver.times.size
  }

  /** One life of the agent, up to a moment that chance decides. */
  async round(setting: Partial<ChaosSetting> = {}): Promise<void> {
    await this.#receiver.liveOn()
    const mode = this.#random() < 0.7 ? 'durable' : 'spill'
    const enough = Math.floor(this.#random() ** 3 * 800)
    await this.live({ mode, ...setting }, (agent) =>
      agent.until(() => storedBy(agent) >= enough && agent.stdout !== '', `${enough} are stored`),
    )
  }

  /** One life of the agent, which ends when the work does. */
  async live(
    setting: Partial<ChaosSetting> & Pick<ChaosSetting, 'mode'>,
    work: (agent: TestProcess) => Promise<void>,
  ): Promise<void> {
    const from = this.#sent.length * perRound
    const agent = this.#start({ from, ...setting })
    try {
      await work(agent)
    } finally {
      await agent.stop('SIGKILL')
    }
    this.#note(agent.stdout, from)
  }

  /** What the agent has stored so far may be lost. */
  forgive(agent: TestProcess): void {
    for (const n of numbersOf(agent.stdout, /^stored (\d+)\n/gm)) this.#forgiven.add(n)
  }

  /** Lets everything arrive, and looks whether all is as it was promised. */
  async end(setting: Partial<ChaosSetting> = {}): Promise<LedgerFigures> {
    await this.#receiver.restart()
    this.#receiver.becomeGood()
    const agent = this.#start({ mode: 'durable', ...setting })
    assert.equal(await agent.exited, 0, agent.output)
    const text = /^drained (.*)$/m.exec(agent.stdout)?.[1] ?? ''
    const ledger = JSON.parse(text) as LedgerFigures
    assertBalanced(ledger)
    await this.#receiver.stop()
    this.#assertWhole()
    return ledger
  }

  async clear(): Promise<void> {
    await this.#agent?.stop('SIGKILL')
    await this.#receiver.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #start(setting: Omit<ChaosSetting, 'path' | 'port'>): TestProcess {
    const all: ChaosSetting = { path: this.#folder, port: this.#receiver.port, ...setting }
    this.#agent = new TestProcess(process.execPath, [programOf('chaos-agent'), JSON.stringify(all)])
    return this.#agent
  }

  #note(printed: string, from: number): void {
    const opened = /^open (.*)\n/m.exec(printed)?.[1]
    if (opened !== undefined) assertBalanced(JSON.parse(opened) as LedgerFigures)
    this.#sent.push(Math.max(from - 1, ...numbersOf(printed, /^sent (\d+)\n/gm)))
    for (const n of numbersOf(printed, /^stored (\d+)\n/gm)) this.stored.add(n)
  }

  #assertWhole(): void {
    const missing = [...this.stored].filter((n) => !this.#receiver.times.has(n) && !this.#forgiven.has(n))
    assert.deepEqual(missing, [], 'stored, and never delivered')
    const isKnown = (n: number): boolean => n <= (this.#sent[Math.floor(n / perRound)] ?? -1)
    const unknown = [...this.#receiver.times.keys()].filter((n) => !isKnown(n))
    assert.deepEqual(unknown, [], 'delivered, and never sent')
  }
}

export function storedBy({ stdout }: TestProcess): number {
  return stdout.match(/^stored/gm)?.length ?? 0
}
