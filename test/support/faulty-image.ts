import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { peer } from './peers.js'
import { TestProcess } from './process.js'

const sizeBytes = 32 * 1024 * 1024

/** The file of a disk's bytes that takes no writing for as long as it is told to fail, and can be read all the while: nbdkit's, over FUSE. */
export class FaultyImage {
  /** Why there is none: it takes two programs and the right to mount. */
  static get missing(): string | false {
    if (!existsSync('/dev/fuse')) return 'there is no /dev/fuse'
    return peer('nbdfuse').skip || peer('nbdkit').skip
  }

  readonly path: string
  readonly #fault: string

  private constructor(folder: string) {
    this.path = join(folder, 'mounted')
    this.#fault = join(folder, 'fault')
  }

  static async served(t: TestContext): Promise<FaultyImage> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-faulty-'))
    const image = new FaultyImage(folder)
    writeFileSync(image.path, '')
    const device = [peer('nbdkit').path, '-s', '--filter=error', 'memory', String(sizeBytes)]
    const faults = ['error-pwrite=EIO', 'error-pwrite-rate=100%', `error-file=${image.#fault}`]
    const served = new TestProcess(peer('nbdfuse').path, [image.path, '--command', ...device, ...faults])
    t.after(async () => {
      await served.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    await served.until(() => image.#isThere, 'it serves the image')
    return image
  }

  /** Whatever is written from now on is refused with EIO. */
  fail(): void {
    writeFileSync(this.#fault, '')
  }

  heal(): void {
    rmSync(this.#fault)
  }

  get #isThere(): boolean {
    return statSync(this.path).size === sizeBytes
  }
}
