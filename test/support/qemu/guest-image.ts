import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../source-tree.js'
import { Cpio } from './cpio.js'

/** The first process: it prepares the machine, runs the program that a test brings, tells how that ended, and switches off. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /tmp
mount -t devpts devpts /dev/pts
ip link set lo up
stty -F /dev/console -onlcr
cd /sluice
sh /run-test
echo "@@ exit $?"
poweroff -f
`

/**
 * The part of a guest's files that changes seldom: busybox, this Node, programs with their libraries. Made once for each set of them
 * and kept in `cache`.
 */
export function baseImage(cache: string, programs: readonly string[]): Uint8Array {
  const sources = [process.execPath, ...programs].map((path) => realpathSync(path))
  const key = createHash('sha256')
  for (const path of sources) key.update(`${path} ${statSync(path).mtimeMs}\n`)
  const path = join(cache, `base-${key.update(init).digest('hex').slice(0, 16)}.cpio`)
  if (!existsSync(path)) keep(path, makeBase(sources))
  return readFileSync(path)
}

/** Files that change with each run: the built agent, packages that it needs, modules of the kernel, and what to run. */
export function ownImage(parts: {
  readonly packages: readonly string[]
  readonly modules: readonly string[]
  readonly script: string
}): Uint8Array {
  const cpio = new Cpio()
  cpio.copy(join(root, 'package.json'), 'sluice/package.json')
  cpio.copy(join(root, 'dist'), 'sluice/dist', (path) => /\.map$|\.d\.ts$|\.test\.js$/.test(path))
  for (const name of parts.packages) {
    cpio.copy(realpathSync(join(root, 'node_modules', name)), `sluice/node_modules/${name}`, (path) =>
      /\.(md|cc|hh|map)$/.test(path),
    )
  }
  const loads = parts.modules.map((path) => `insmod /modules/${basename(path)}`)
  for (const path of parts.modules) cpio.copy(path, `modules/${basename(path)}`)
  cpio.file('run-test', [...loads, parts.script, ''].join('\n'))
  return cpio.end()
}

function makeBase(sources: readonly string[]): Uint8Array {
  const cpio = new Cpio()
  for (const folder of ['proc', 'sys', 'dev', 'tmp']) cpio.folder(folder)
  cpio.device('dev/console', 5, 1)
  cpio.file('init', init, 0o755)
  for (const path of sources) cpio.file(`bin/${basename(path)}`, readFileSync(path), 0o755)
  for (const path of new Set(sources.flatMap(librariesOf))) cpio.file(path.slice(1), readFileSync(path), 0o755)
  return cpio.end()
}

/** What ldd(1) names; nothing for a program that needs none. */
function librariesOf(path: string): string[] {
  try {
    const text = execFileSync('ldd', [path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return [...text.matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library)
  } catch {
    return []
  }
}

function keep(path: string, bytes: Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true })
  const making = `${path}.${process.pid}`
  writeFileSync(making, bytes)
  renameSync(making, path)
}
