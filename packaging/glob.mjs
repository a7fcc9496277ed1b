import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every file below `folder` whose name ends with `ending`, sorted; none where there is no such folder. */
export function filesBelow(folder, ending) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .toSorted()
}
