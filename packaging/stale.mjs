import { existsSync, rmSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { filesBelow } from './glob.mjs'

/**
 * Deletes compiled files whose source is gone, so that a removed module cannot live on in `dist`. A source map marks a file
 * that came from a source of its own; what else is made beside it (validators, declarations) goes with its folder.
 */
export function removeStale(outdir) {
  for (const map of filesBelow(outdir, '.js.map')) {
    const source = relative(outdir, map).replace(/\.js\.map$/, '.ts')
    if (existsSync(source)) continue
    const stem = map.replace(/\.js\.map$/, '')
    for (const ending of ['.js', '.js.map', '.d.ts']) rmSync(stem + ending, { force: true })
    const folder = dirname(map)
    if (!existsSync(relative(outdir, folder))) rmSync(folder, { recursive: true, force: true })
  }
}
