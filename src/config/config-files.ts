import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AgentError, messageOf } from '../plugin/errors.js'
import { compilePattern } from '../route/pattern.js'

/** The files that a configuration is made of. */
export interface ConfigFiles {
  /** Throws an AgentError `CONFIG_UNREADABLE`. */
  read(path: string): string
  /** The files that fit a path whose last part may have stars, sorted. */
  find(pattern: string): readonly string[]
  /** One name for each file, however it is reached. */
  identity(path: string): string
}

/** A configuration beyond this is a mistaken path. */
const longestFile = 4 * 1024 * 1024

export const configFiles: ConfigFiles = {
  read(path) {
    try {
      if (statSync(path).size > longestFile)
        throw new AgentError('CONFIG_UNREADABLE', `"${path}" is longer than ${longestFile} bytes`)
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (error instanceof AgentError) throw error
      throw new AgentError('CONFIG_UNREADABLE', `cannot read "${path}": ${messageOf(error)}`, { cause: error })
    }
  },
  find(pattern) {
    const parts = pattern.split('/')
    return parts.some((part) => part.includes('*')) ? walk(parts) : [pattern]
  },
  identity: (path) => resolve(path),
}

/** Each part of the path stands for one folder or file name; stars do not cross slashes. */
function walk(parts: readonly string[]): readonly string[] {
  let found = [parts[0] === '' ? '/' : '.']
  for (const part of parts[0] === '' ? parts.slice(1) : parts) {
    const fits = compilePattern({ match: part })
    const step = (folder: string): string[] =>
      part.includes('*') ? childrenOf(folder).filter((name) => fits(name)) : [part]
    found = found.flatMap((folder) => step(folder).map((name) => join(folder, name)))
  }
  return found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile()).sort()
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A folder that is not there, or is none, holds no file.
    return []
  }
}
