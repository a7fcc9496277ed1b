import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** When a file was made and last written to. */
export type Age = Pick<Stats, 'birthtimeMs' | 'mtimeMs'>

const compressed = /\.(gz|bz2|xz|zst|lz4|lzma|Z|zip|br)$/i

/** The files beside a path that a rotation may have moved from it since then, oldest first. */
export async function rotatedSince(path: string, since: Age): Promise<string[]> {
  const isRotated = rotatedNames(basename(path))
  const paths = (await readdir(dirname(path))).filter(isRotated).map((name) => join(dirname(path), name))
  const aged = await Promise.all(paths.map(async (each) => ({ each, stats: await statOf(each) })))
  const younger = aged.flatMap(({ each, stats }) =>
    stats?.isFile() && isYounger(stats, since) ? [{ each, stats }] : [],
  )
  return younger.sort((one, other) => compareAges(one.stats, other.stats)).map(({ each }) => each)
}

/**
 * Renaming changes neither time. Where a file system does not keep when a file was made, Node gives a time that is no earlier,
 * and when it was written to decides.
 */
export function isYounger(age: Age, since: Age): boolean {
  return age.birthtimeMs >= since.birthtimeMs && age.mtimeMs >= since.mtimeMs
}

/** `a.log.1`, `a.log-20261125` and `a-20261125.log` of `a.log`; not what was compressed, whose lines nobody can read here. */
export function rotatedNames(name: string): (other: string) => boolean {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  return (other) => {
    if (compressed.test(other)) return false
    if (other.startsWith(name)) return /^[._-]./.test(other.slice(name.length))
    if (extension === '' || !other.startsWith(stem) || !other.endsWith(extension)) return false
    return /^[._-]\d[\d._:T-]*$/.test(other.slice(stem.length, -extension.length))
  }
}

function compareAges(one: Age, other: Age): number {
  return one.birthtimeMs - other.birthtimeMs || one.mtimeMs - other.mtimeMs
}

/** Undefined where it went meanwhile. */
function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined)
}
