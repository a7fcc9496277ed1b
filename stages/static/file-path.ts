/** What a path asks for below a folder. */
export interface Asked {
  /** Names of folders, and at the end of the file or folder itself; none for the root. */
  readonly names: readonly string[]
  /** It ends with a slash: it means a folder. */
  readonly isFolder: boolean
}

/**
 * The part of a path behind that of the stage, percent-encoded, to names that are safe to join: none of them is `..`, is empty or has a
 * separator or a NUL in it. Undefined where there are no such names.
 */
export function askedOf(path: string): Asked | undefined {
  if (path === '') return { names: [], isFolder: false }
  const [before, ...names] = path.split('/')
  const isFolder = names.at(-1) === ''
  if (isFolder) names.pop()
  const decoded = names.map(decodedName)
  return before === '' && decoded.every(isName) ? { names: decoded, isFolder } : undefined
}

/** Once, and never again: `%252e` is a name of four characters. */
function decodedName(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined // not UTF-8: no name that a file could be found by
  }
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}
