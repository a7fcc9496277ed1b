import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { peer } from './peers.js'

const socat = peer('socat')

/** Why tests on ptys are skipped, or false. */
export const skipPty = socat.skip

/**
 * Two ends of a serial line, made by socat: the device writes to one what the agent reads from the other. Ending it is what pulling
 * the plug of a USB adapter is: the links vanish and whoever has an end open gets an error.
 */
export class PtyPair {
  readonly agentEnd: string
  readonly deviceEnd: string
  #socat: ChildProcess | undefined

  /** `folder` is where the links are made. */
  constructor(folder: string) {
    this.agentEnd = `${folder}/agent`
    this.deviceEnd = `${folder}/device`
  }

  async plugIn(): Promise<void> {
    const ends = [this.agentEnd, this.deviceEnd].map((link) => `pty,rawer,link=${link}`)
    this.#socat = spawn(socat.path, ends, { stdio: ['ignore', 'ignore', 'inherit'] })
    while (!ends.every((_, at) => existsSync(at === 0 ? this.agentEnd : this.deviceEnd))) await wait(5)
  }

  async pullOut(): Promise<void> {
    const program = this.#socat
    if (!program || program.exitCode !== null || program.signalCode !== null) return
    const ended = new Promise((resolve) => program.once('exit', resolve))
    program.kill('SIGTERM')
    await ended
  }
}
