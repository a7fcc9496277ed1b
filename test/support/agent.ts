import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TestProcess } from './process.js'

/** The built program. */
export const agentProgram = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

/** The built program on this configuration, as a process of its own; its folder goes when it is ended. */
export class TestAgent extends TestProcess {
  readonly #folder: string

  constructor(config: string) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
    writeFileSync(join(folder, 'sluice.yaml'), config)
    super(process.execPath, [agentProgram, 'run', '-c', join(folder, 'sluice.yaml')], { cwd: folder })
    this.#folder = folder
  }

  /** Ends it, if it has not ended, and clears up. */
  async end(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
