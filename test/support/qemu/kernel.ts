import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runIn, unpackedPackages } from '../unpacked-packages.js'

export interface Kernel {
  /** The kernel as ELF, which qemu starts at once: unpacking itself would take it 5 s under emulation. */
  readonly image: string
  /** Folder of its modules, `kernel/…`. */
  readonly modules: string
}

const metaPackage = 'linux-image-amd64'

/** What is unpacked of a package of 70 MB: its kernel, and the modules that tests load. */
const wanted = [
  './boot/vmlinuz-*',
  './lib/modules/*/kernel/net/can/*',
  './lib/modules/*/kernel/drivers/net/can/*',
  './lib/modules/*/kernel/drivers/i2c/*',
  './lib/modules/*/kernel/drivers/hwmon/*',
  './lib/modules/*/kernel/drivers/iio/*',
]

/** Debian's own kernel, fetched by apt and unpacked in `cache`, not installed. Throws where it cannot be had. */
export function debianKernel(cache: string): Kernel {
  const name = kernelPackage()
  const unpacked = createHash('sha256').update(wanted.join()).digest('hex').slice(0, 8)
  const folder = unpackedPackages(join(cache, `${name}-${unpacked}`), { packages: { [name]: wanted }, finish })
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

/** The modules alone, and the kernel as ELF. */
function finish(folder: string): void {
  const [boot = ''] = readdirSync(join(folder, 'boot'))
  writeFileSync(join(folder, 'payload.xz'), payloadOf(readFileSync(join(folder, 'boot', boot))))
  runIn(folder, 'sh', '-c', 'xz -dc payload.xz > vmlinux || test -s vmlinux') // what stands behind the payload is none
  rmSync(join(folder, 'payload.xz'))
  rmSync(join(folder, 'boot'), { recursive: true })
}

/** A bzImage has the kernel compressed in it: Debian's by xz. */
function payloadOf(image: Buffer): Buffer {
  const start = image.indexOf(Buffer.from('fd377a585a00', 'hex'))
  if (start < 0) throw new Error('the kernel is not compressed by xz')
  return image.subarray(start)
}
