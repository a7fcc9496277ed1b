import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer, type PeerName } from '../peers.js'
import { root } from '../source-tree.js'
import { baseImage, ownImage } from './guest-image.js'
import { debianKernel } from './kernel.js'

export interface GuestSettings {
  /** Modules to load, in this order, below `kernel/`: `net/can/can.ko`. */
  readonly modules: readonly string[]
  /** Debian programs to have besides Node and busybox. */
  readonly programs?: readonly PeerName[]
  /** npm packages that the agent needs there. */
  readonly packages?: readonly string[]
  /** Words for qemu that give the machine more than it has, such as `-device`. */
  readonly hardware?: readonly string[]
  /** Words for the kernel's command line. */
  readonly kernelWords?: string
  /** Lines for busybox's shell, in the folder of the package: `node dist/…`. */
  readonly script: string
  readonly timeoutMs?: number
}

/** All that the guest printed; the last line tells the exit code of the script. */
export interface GuestRun {
  readonly output: string
  readonly exitCode: number
}

const cache = join(root, 'node_modules/.cache/sluice-guest')

/** Where the other Nodes are that the tests run on: see other-nodes.mjs. */
const otherNodes = join(root, 'packaging/nodes')
const usualTimeoutMs = 120_000

/** Why no guest can be started, for `test(name, { skip }, …)`; false where one can. */
export function guestSkip(programs: readonly PeerName[] = []): false | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the guest is a Debian for x86-64'
  if (process.execPath.startsWith(otherNodes)) return 'the guest is booted once, with the Node that runs all tests'
  const missing = (['qemu-system-x86_64', 'busybox', ...programs] as const).map((name) => peer(name).skip).find(Boolean)
  if (missing) return missing
  try {
    debianKernel(cache)
    return false
  } catch (error) {
    return `Debian's kernel could not be fetched: ${String(error)}`
  }
}

/**
 * Boots Debian's kernel under emulation, with this Node and the built agent, runs a script there and hands back what it printed. The
 * machine has no disk and no network, and is gone afterwards.
 */
export async function runGuest(settings: GuestSettings): Promise<GuestRun> {
  const { modules, programs = [], packages = [], script, timeoutMs = usualTimeoutMs } = settings
  const kernel = debianKernel(cache)
  const base = baseImage(cache, [peer('busybox').path, ...programs.map((name) => peer(name).path)])
  const own = ownImage({ packages, modules: modules.map((path) => join(kernel.modules, 'kernel', path)), script })
  const folder = mkdtempSync(join(tmpdir(), 'guest-'))
  try {
    const image = join(folder, 'image.cpio')
    writeFileSync(image, Buffer.concat([base, own]))
    return ended(await run(peer('qemu-system-x86_64').path, machine(kernel.image, image, settings), timeoutMs))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function machine(kernel: string, image: string, { hardware = [], kernelWords = '' }: GuestSettings): string[] {
  const bare = ['-accel', 'tcg', '-M', 'pc', '-cpu', 'max', '-smp', '1', '-m', '768', '-nodefaults', '-no-user-config']
  const console = ['-display', 'none', '-serial', 'stdio', '-no-reboot']
  const words = 'console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off audit=0 random.trust_cpu=on'
  return [...bare, ...hardware, ...console, '-kernel', kernel, '-initrd', image, '-append', `${words} ${kernelWords}`]
}

function run(command: string, words: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const heard = (text: string): void => void (output += text)
    child.stdout.setEncoding('utf8').on('data', heard)
    child.stderr.setEncoding('utf8').on('data', heard)
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}

function ended(output: string): GuestRun {
  const code = /^@@ exit (\d+)/m.exec(output)?.[1]
  if (code === undefined) throw new Error(`the guest did not end:\n${output}`)
  return { output: output.replaceAll('\r', ''), exitCode: Number(code) }
}
