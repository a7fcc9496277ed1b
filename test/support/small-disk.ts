import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A real file system in memory, of a size, that can be filled and made read-only. */
export class SmallDisk {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Why there is none: it takes the right to mount. */
  static readonly missing: string | false = trial()

  static mount(t: TestContext, size: string): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'sluice-disk-'))
    mount(['-t', 'tmpfs', '-o', `size=${size}`, 'sluice-test', path])
    t.after(() => {
      spawnSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    })
    return new SmallDisk(path)
  }

  /** Leaves not one byte. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.path)
    try {
      writeFileSync(this.#filler, Buffer.alloc((bavail + 16) * bsize))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }

  free(): void {
    rmSync(this.#filler)
  }

  remount(mode: 'ro' | 'rw'): void {
    mount(['-o', `remount,${mode}`, this.path])
  }

  get #filler(): string {
    return join(this.path, 'filler')
  }
}

function mount(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${error?.message ?? stderr}`)
}

function trial(): string | false {
  const path = mkdtempSync(join(tmpdir(), 'sluice-disk-'))
  try {
    mount(['-t', 'tmpfs', '-o', 'size=64k', 'sluice-test', path])
    spawnSync('umount', [path])
    return false
  } catch (error) {
    return `no file system can be mounted here: ${(error as Error).message.trim()}`
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
