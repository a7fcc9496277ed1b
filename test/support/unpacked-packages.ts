import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const longestFetchMs = 120_000

export interface PackageFiles {
  /** Debian packages, which are fetched by apt, and the files that are kept of each, with wildcards: `./usr/bin/gpsfake`. */
  readonly packages: { readonly [name: string]: readonly string[] }
  /** Finishes the files in the folder that they were unpacked to. */
  readonly finish?: (folder: string) => void
}

/** Files of Debian packages in `folder`: unpacked there, not installed, unless that was done before. Throws where they cannot be had. */
export function unpackedPackages(folder: string, { packages, finish }: PackageFiles): string {
  if (existsSync(folder)) return folder
  const making = `${folder}.${process.pid}`
  mkdirSync(making, { recursive: true })
  try {
    for (const [name, wanted] of Object.entries(packages)) unpack(making, name, wanted)
    finish?.(making)
    moved(making, folder)
    return folder
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

function unpack(folder: string, name: string, wanted: readonly string[]): void {
  runIn(folder, 'apt-get', 'download', name)
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb')) ?? ''
  const patterns = wanted.map((each) => `'${each}'`).join(' ')
  runIn(folder, 'sh', '-c', `dpkg-deb --fsys-tarfile "$0" | tar -x --wildcards ${patterns}`, archive)
  rmSync(join(folder, archive))
}

export function runIn(folder: string, command: string, ...words: readonly string[]): void {
  execFileSync(command, words, { cwd: folder, timeout: longestFetchMs, stdio: ['ignore', 'ignore', 'pipe'] })
}

/** As a whole: whoever else looks for it finds all of it or nothing. Another may have been faster. */
function moved(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}
