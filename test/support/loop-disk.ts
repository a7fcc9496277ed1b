import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestContext } from 'node:test'

const sizeBytes = 16 * 1024 * 1024
/** In memory, where syncs come thick and fast: what happens in between them happens more often. */
const shared = '/dev/shm'
/** What e2fsck answers where it has mended something. */
const mended = 1

/** A real ext4 in a file, which goes read-only by itself when the kernel finds it damaged. */
export class LoopDisk {
  /** Why there is none: it takes the right to mount, a loop device, and an ext4 in the kernel. */
  static get missing(): string | false {
    let disk: LoopDisk | undefined
    try {
      disk = new LoopDisk()
      disk.mount()
      return false
    } catch (error) {
      return `no ext4 can be mounted here: ${(error as Error).message.trim()}`
    } finally {
      disk?.clear()
    }
  }

  /** Where it is mounted. */
  readonly path: string
  readonly #folder: string
  readonly #device: string

  private constructor(image?: string) {
    this.#folder = mkdtempSync(join(existsSync(shared) ? shared : tmpdir(), 'sluice-loop-'))
    this.path = join(this.#folder, 'mounted')
    mkdirSync(this.path)
    const backing = image ?? emptyImage(this.#folder)
    run('mkfs.ext4', '-q', backing)
    this.#device = run('losetup', '--find', '--show', backing).trim()
  }

  /** `image` is the file that has its bytes; one of its own unless given. */
  static mounted(t: TestContext, image?: string): LoopDisk {
    const disk = new LoopDisk(image)
    t.after(() => disk.clear())
    disk.mount()
    return disk
  }

  /** The kernel finds it damaged while files are open: from now on nothing is written, be it on its way or not. */
  fail(): void {
    writeFileSync(`/sys/fs/ext4/${basename(this.#device)}/trigger_fs_error`, 'a test')
  }

  unmount(): void {
    run('umount', this.path)
  }

  /** False where a file of it is open. */
  isUnmounted(): boolean {
    return spawnSync('umount', [this.path]).status === 0
  }

  check(): void {
    run('e2fsck', '-fy', this.#device)
  }

  mount(): void {
    run('mount', '-o', 'errors=remount-ro', this.#device, this.path)
  }

  /** As it is found after it was checked. */
  remount(): void {
    this.unmount()
    this.check()
    this.mount()
  }

  clear(): void {
    spawnSync('umount', ['-l', this.path])
    spawnSync('losetup', ['-d', this.#device])
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function emptyImage(folder: string): string {
  const path = join(folder, 'image')
  writeFileSync(path, '')
  truncateSync(path, sizeBytes)
  return path
}

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0 || (command === 'e2fsck' && status === mended)) return stdout
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
}
