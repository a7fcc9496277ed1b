import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import type { FoundInstance } from './check-instances.js'
import { type Position, type Problem, problemAt } from './node.js'
import { positionOf } from './raw-options.js'

/** Options that name a file: a relative path begins at the folder of the file that names it, and there must be such a file. */
export function checkFiles({ plugin, options, node, label }: FoundInstance, problems: Problem[]): void {
  for (const [option, schema] of Object.entries(plugin?.schema.properties ?? {})) {
    const value = options[option]
    if (!schema['x-file'] || typeof value !== 'string') continue
    const position = positionOf(node, [option])
    const path = resolve(folderOf(position), value)
    options[option] = path
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) continue
    problems.push(problemAt(position, `${label}.${option}: there is no file "${path}"`))
  }
}

/** What was said in no file, but on a command line or by a program, begins where that runs. */
function folderOf({ file, line }: Position): string {
  return line === undefined ? '.' : dirname(file)
}
