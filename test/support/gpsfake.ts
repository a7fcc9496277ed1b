import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { startProcess } from './process.js'
import { root } from './source-tree.js'
import { runIn, unpackedPackages } from './unpacked-packages.js'

const python = '/usr/bin/python3'
const modules = 'usr/lib/python3/dist-packages'

/** gpsfake comes with programs for the desktop, which need 525 MB; itself it needs no more than these files and Python. */
const packages = {
  'gpsd-clients': ['./usr/bin/gpsfake'],
  'python3-gps': [`./${modules}/gps/*`, './usr/lib/*/libgpsdpacket.so.*'],
}

/** Why tests with gpsfake are skipped, or false. */
export function gpsfakeSkip(): false | string {
  if (peer('gpsd').skip) return peer('gpsd').skip
  try {
    const { path, env } = gpsfake()
    execFileSync(python, [path, '--version'], { env, stdio: 'pipe' })
    return false
  } catch (error) {
    return `gpsfake cannot be had: ${String(error)}`
  }
}

function gpsfake(): { readonly path: string; readonly env: NodeJS.ProcessEnv } {
  const folder = unpackedPackages(join(root, 'node_modules/.cache/sluice-gpsfake'), { packages, finish })
  return { path: join(folder, 'usr/bin/gpsfake'), env: { ...process.env, PYTHONPATH: join(folder, modules) } }
}

/** The library is looked for beside the modules first, wherever that is. */
function finish(folder: string): void {
  runIn(folder, 'sh', '-c', `mv usr/lib/*/libgpsdpacket.so.* ${modules}`)
}

export interface Gpsfake {
  /** Kills gpsd as a crash would, upon which gpsfake ends too. */
  readonly crash: () => Promise<void>
}

/** The real gpsd on a port, with a receiver on a terminal that tells these sentences over and over, up to a hundred a second. */
export async function startGpsfake(t: TestContext, port: number, log: string): Promise<Gpsfake> {
  const { path, env } = gpsfake()
  const own = folderOf(t, { 'drive.nmea': log })
  const words = ['-n', '-c', '0.01', '-P', String(port), join(own, 'drive.nmea')]
  const program = await startProcess(python, [path, ...words], { env: { ...env, TMPDIR: own }, ready: port })
  t.after(() => program.stop())
  return {
    async crash() {
      const { pid } = program
      process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')), 'SIGKILL')
      await program.exited
    },
  }
}
