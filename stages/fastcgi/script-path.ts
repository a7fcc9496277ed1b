import { decodedPath, pathBelow, type ScriptPlace } from 'sluice/http'

export interface ScriptFiles {
  /** Where the stage is. */
  readonly path: string
  /** Folder of the scripts, as the responder sees it; without one it has no files. */
  readonly root: string | undefined
  /** The script of a path that ends with a slash. */
  readonly index: string
  /** How names of scripts end. */
  readonly extension: string
}

export interface PlacedScript extends ScriptPlace {
  readonly files: { readonly [variable: string]: string }
}

/** Which script the responder is to run. Undefined for a path that leads to none. */
export function scriptOf(asked: string, { path, root, index, extension }: ScriptFiles): PlacedScript | undefined {
  const below = pathBelow(asked, path)
  const place = asked.slice(0, asked.length - below.length)
  if (root === undefined) return { scriptName: place, pathInfo: decodedPath(below), files: {} }
  const isScript = (segment: string): boolean => decodedPath(segment).endsWith(extension)
  const given = below.split('/')
  const isFolder = given.at(-1) === '' && !given.some(isScript)
  const segments = isFolder ? [...below.replace(/\/$/, '').split('/'), index] : given
  const end = segments.findIndex(isScript) + 1
  if (end === 0) return undefined
  const script = segments.slice(0, end).join('/')
  const pathInfo = end === segments.length ? '' : decodedPath(`/${segments.slice(end).join('/')}`)
  const base = root.replace(/\/$/, '')
  const translated = pathInfo === '' ? {} : { PATH_TRANSLATED: `${base}${pathInfo}` }
  return {
    scriptName: `${place}${script}`,
    pathInfo,
    files: { DOCUMENT_ROOT: base, SCRIPT_FILENAME: `${base}${decodedPath(script)}`, ...translated },
  }
}
