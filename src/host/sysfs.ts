import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Names in a folder, in the order in which people count; none where it is not there: drivers and devices come and go. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  } catch {
    return []
  }
}

/** The text of an attribute; undefined where there is none, or it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** The number of an attribute; undefined where there is none. */
export function numberOf(path: string): number | undefined {
  const number = Number.parseFloat(textOf(path) ?? '')
  return Number.isFinite(number) ? number : undefined
}

/** Name of what a device hangs on, by its link `device`. */
export function parentOf(folder: string): string | undefined {
  try {
    return basename(readlinkSync(`${folder}/device`))
  } catch {
    return undefined // virtual devices hang on nothing
  }
}

/** The same by the place of the folder itself, where that is a link: a device of a bus, unlike one of a class, has no link `device`. */
export function placeOf(folder: string): string | undefined {
  try {
    return basename(dirname(readlinkSync(folder)))
  } catch {
    return undefined
  }
}
