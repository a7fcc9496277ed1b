import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { decodedPath, pathBelow, type ScriptPlace } from 'sluice/http'

export interface FoundScript extends ScriptPlace {
  readonly file: string
}

export interface ScriptSearch {
  /** As it was sent. */
  readonly asked: string
  /** Where the stage is. */
  readonly place: string
  readonly root: string
  /** Whether it is run by itself. */
  readonly mustBeExecutable: boolean
}

/** The script that a path leads to: its first part that is a file. Undefined where it leads to none, or out of the root. */
export async function findScript(search: ScriptSearch): Promise<FoundScript | undefined> {
  const { asked, place, root } = search
  const below = pathBelow(asked, place).split('/').slice(1)
  const above = asked.split('/').length - below.length
  let file = root
  for (const [at, segment] of below.entries()) {
    const name = decodedPath(segment)
    if (name === '' || name.startsWith('.') || name.includes('/')) return undefined
    file = join(file, name)
    const kind = await stat(file).catch(() => undefined)
    if (kind?.isDirectory()) continue
    const isScript = kind?.isFile() === true && (await mayRun(file, search))
    return isScript ? { file, ...split(asked, above + at + 1) } : undefined
  }
  return undefined
}

function split(path: string, at: number): ScriptPlace {
  const segments = path.split('/')
  const rest = segments.slice(at).join('/')
  return {
    scriptName: segments.slice(0, at).join('/'),
    pathInfo: at === segments.length ? '' : decodedPath(`/${rest}`),
  }
}

async function mayRun(file: string, { root, mustBeExecutable }: ScriptSearch): Promise<boolean> {
  return (await isWithin(root, file)) && (!mustBeExecutable || (await isExecutable(file)))
}

/** A link may lead anywhere. */
async function isWithin(root: string, file: string): Promise<boolean> {
  const [folder, real] = await Promise.all([realpath(root), realpath(file)])
  return real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
