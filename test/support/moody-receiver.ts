import { fileURLToPath } from 'node:url'

import { startProcess, type TestProcess } from './process.js'

const program = fileURLToPath(new URL('./chaos-receiver.js', import.meta.url))

/** A forward server that answers as it likes and is killed now and then; what it took is known all the same. */
export class MoodyReceiver {
  readonly port: number
  readonly #random: () => number
  readonly #times = new Map<number, number>()
  #process: TestProcess | undefined
  #read = 0

  constructor(port: number, random: () => number) {
    this.port = port
    this.#random = random
  }

  /** How often each event came. */
  get times(): ReadonlyMap<number, number> {
    this.#note()
    return this.#times
  }

  /** Events that came more than once, each time but the first. */
  get duplicates(): number {
    return [...this.times.values()].reduce((sum, times) => sum + times - 1, 0)
  }

  /** For another round: the same process, or a new one. */
  async liveOn(): Promise<void> {
    if (!this.#process || this.#random() < 0.3) await this.restart()
  }

  async restart(): Promise<void> {
    await this.stop()
    const args = [program, String(this.port), String(Math.floor(this.#random() * 1e9))]
    this.#process = await startProcess(process.execPath, args, { ready: this.port })
  }

  /** It acknowledges all from now on. */
  becomeGood(): void {
    this.#process?.stdin?.write('good\n')
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGKILL')
    this.#note()
    this.#process = undefined
    this.#read = 0
  }

  /** What was printed in whole lines since the last time. */
  #note(): void {
    const { stdout = '' } = this.#process ?? {}
    const end = stdout.lastIndexOf('\n') + 1
    const printed = stdout.slice(this.#read, end)
    this.#read = end
    for (const n of numbersOf(printed, /^(\d+)\n/gm)) this.#times.set(n, (this.#times.get(n) ?? 0) + 1)
  }
}

export function* numbersOf(text: string, pattern: RegExp): Iterable<number> {
  for (const match of text.matchAll(pattern)) yield Number(match[1])
}
