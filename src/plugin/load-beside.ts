import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * What a package exports by default, or all of it where there is no default, from where Node would look for it beside a file of the
 * user's. Undefined where it is not installed there.
 */
export async function loadBeside(file: string, name: string): Promise<unknown> {
  const path = resolveBeside(file, name)
  if (path === undefined) return undefined
  const found = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
  return found.default ?? found
}

function resolveBeside(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
