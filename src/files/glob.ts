import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AgentError } from '../base/agent-error.js'

/** A path whose parts may have `*`, `?` and `[…]` as glob(3) understands them: none of these stands for a slash. */
export interface Glob {
  readonly root: string
  readonly segments: readonly (string | RegExp)[]
}

export interface Found {
  readonly paths: Set<string>
  /** Folders whose contents decide what is found. */
  readonly folders: Set<string>
}

const magic = /[*?[\\]/

export function parseGlob(pattern: string): Glob {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.')
  return {
    root: pattern.startsWith('/') ? '/' : '.',
    segments: segments.map((segment) => (magic.test(segment) ? expression(segment, '[^/]', pattern) : segment)),
  }
}

/** A pattern of whole paths as fnmatch(3) understands it: `*` and `?` stand for slashes too. */
export function parsePathPattern(pattern: string): RegExp {
  return expression(pattern, '.', pattern)
}

/** Adds the paths that the glob may mean to `found`. A folder that cannot be read has none. */
export async function expandGlob(glob: Glob, found: Found): Promise<void> {
  let paths = [glob.root]
  for (const [index, segment] of glob.segments.entries()) {
    const isLast = index === glob.segments.length - 1
    if (isLast || typeof segment !== 'string') for (const path of paths) found.folders.add(path)
    const expanded = await Promise.all(paths.map((path) => step(path, segment)))
    paths = expanded.flat()
  }
  for (const path of paths) found.paths.add(path)
}

async function step(folder: string, segment: string | RegExp): Promise<string[]> {
  if (typeof segment === 'string') return [join(folder, segment)]
  try {
    const names = await readdir(folder)
    return names.filter((name) => segment.test(name)).map((name) => join(folder, name))
  } catch {
    return [] // it may appear, or become readable, later
  }
}

/** As in a shell, what begins with a dot is meant only by a pattern that does. */
function expression(pattern: string, any: string, whole: string): RegExp {
  const hidden = any === '.' || pattern.startsWith('.') || pattern.startsWith('\\.') ? '' : String.raw`(?!\.)`
  try {
    return new RegExp(`^${hidden}${pattern.replaceAll(part, (found) => translate(found, any))}$`, 'su')
  } catch (error) {
    throw new AgentError('FILES_BAD_PATTERN', `path: expected a pattern such as "/var/log/*.log", got "${whole}"`, {
      cause: error,
    })
  }
}

const part = /\\[\s\S]|\[[!^]?\]?[^\]]*\]|[\s\S]/gu

function translate(found: string, any: string): string {
  if (found === '*') return `${any}*`
  if (found === '?') return any
  if (found.length > 2 && found.startsWith('[')) return bracket(found)
  return literal(found.length > 1 && found.startsWith('\\') ? found.slice(1) : found)
}

function bracket(found: string): string {
  const negated = /^\[[!^]/.test(found)
  const inner = found.slice(negated ? 2 : 1, -1).replaceAll(/[\\[\]^]/g, String.raw`\$&`)
  return `[${negated ? '^/' : ''}${inner}]`
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
