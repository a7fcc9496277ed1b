import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import type { FoundInstance } from './check-instances.js'
import { type Position, type Problem, problemAt } from './node.js'
import { labelOf, positionOf } from './raw-options.js'
import { isMap } from './units.js'

/** Options that name files: a relative path begins at the folder of the file that names it, and there must be such a file. */
export function checkFiles({ plugin, options, node, label }: FoundInstance, problems: Problem[]): void {
  for (const [option, schema] of Object.entries(plugin?.schema.properties ?? {})) {
    if (!schema['x-file'] || options[option] === undefined) continue
    options[option] = absolute(options[option], [option], (value, place) => {
      const position = positionOf(node, place)
      const path = resolve(folderOf(position), value)
      if (!statSync(path, { throwIfNoEntry: false })?.isFile())
        problems.push(problemAt(position, `${labelOf(label, place)}: there is no file "${path}"`))
      return path
    })
  }
}

type Place = readonly (string | number)[]

/** A path, or a list or map of paths, with each made absolute. */
function absolute(value: unknown, place: Place, toPath: (value: string, place: Place) => string): unknown {
  if (typeof value === 'string') return toPath(value, place)
  if (Array.isArray(value)) return value.map((each, index) => absolute(each, [...place, index], toPath))
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, absolute(each, [...place, name], toPath)]),
  )
}

/** What was said in no file, but on a command line or by a program, begins where that runs. */
function folderOf({ file, line }: Position): string {
  return line === undefined ? '.' : dirname(file)
}
