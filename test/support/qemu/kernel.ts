import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Kernel {
  /** The kernel as ELF, which qemu starts at once: unpacking itself would take it 5 s under emulation. */
  readonly image: string
  /** Folder of its modules, `kernel/…`. */
  readonly modules: string
}

const metaPackage = 'linux-image-amd64'
const longestFetchMs = 120_000

/** What is unpacked of a package of 70 MB: its kernel, and the modules that tests load. */
const wanted = [
  './boot/vmlinuz-*',
  './lib/modules/*/kernel/net/can/*',
  './lib/modules/*/kernel/drivers/net/can/*',
  './lib/modules/*/kernel/drivers/i2c/*',
  './lib/modules/*/kernel/drivers/hwmon/*',
]

/** Debian's own kernel, fetched by apt and unpacked in `cache`, not installed. Throws where it cannot be had. */
export function debianKernel(cache: string): Kernel {
  const name = kernelPackage()
  const folder = join(cache, name)
  if (!existsSync(folder)) unpack(name, folder)
  const [release = ''] = readdirSync(join(folder, 'lib/modules'))
  return { image: join(folder, 'vmlinux'), modules: join(folder, 'lib/modules', release) }
}

/** The package that the one which is always there depends on, such as linux-image-6.1.0-56-amd64. */
function kernelPackage(): string {
  const text = execFileSync('apt-cache', ['depends', metaPackage], { encoding: 'utf8' })
  const found = /Depends: (linux-image-\S+)/.exec(text)?.[1]
  if (found === undefined) throw new Error(`apt-cache knows no kernel that ${metaPackage} depends on`)
  return found
}

/** Moved to its place as a whole: whoever else looks for it finds all of it or nothing. */
function unpack(name: string, folder: string): void {
  const making = `${folder}.${process.pid}`
  mkdirSync(making, { recursive: true })
  try {
    const run = (command: string, ...words: readonly string[]): Buffer =>
      execFileSync(command, words, {
        cwd: making,
        timeout: longestFetchMs,
        maxBuffer: 2 ** 30,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    run('apt-get', 'download', name)
    const [archive = ''] = readdirSync(making)
    run(
      'sh',
      '-c',
      `dpkg-deb --fsys-tarfile "$0" | tar -x --wildcards ${wanted.map((each) => `'${each}'`).join(' ')}`,
      archive,
    )
    rmSync(join(making, archive))
    const [boot = ''] = readdirSync(join(making, 'boot'))
    writeFileSync(join(making, 'payload.xz'), payloadOf(readFileSync(join(making, 'boot', boot))))
    run('sh', '-c', 'xz -dc payload.xz > vmlinux || test -s vmlinux') // what stands behind the payload is none
    rmSync(join(making, 'payload.xz'))
    rmSync(join(making, 'boot'), { recursive: true })
    renameSync(making, folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

/** A bzImage has the kernel compressed in it: Debian's by xz. */
function payloadOf(image: Buffer): Buffer {
  const start = image.indexOf(Buffer.from('fd377a585a00', 'hex'))
  if (start < 0) throw new Error('the kernel is not compressed by xz')
  return image.subarray(start)
}
