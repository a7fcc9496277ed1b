import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { type KeptLetter, type LetterLine, letterLines } from './kept-letter.js'

/** `letters` are kept; `replay` is on its way back to the outputs that gave them up. */
export type FileKind = 'letters' | 'replay'

export interface LetterFile {
  readonly path: string
  readonly number: number
  readonly bytes: number
}

/** How much there is of something. */
export interface LetterCount {
  readonly letters: number
  readonly events: number
}

export interface LettersRead {
  readonly letters: readonly KeptLetter[]
  /** Lines that cannot be read. */
  readonly damaged: number
}

export function letterFileOf(folder: string, kind: FileKind, number: number): string {
  return join(folder, `${kind}-${String(number).padStart(8, '0')}.jsonl`)
}

/** The files of one kind, oldest first; none where there is no folder. */
export async function letterFiles(folder: string, kind: FileKind): Promise<LetterFile[]> {
  const names = await readdir(folder).catch(noneIfMissing)
  const found = names.flatMap((name) => {
    const number = new RegExp(`^${kind}-(\\d{8,15})\\.jsonl$`).exec(name)?.[1]
    return number === undefined ? [] : [{ path: join(folder, name), number: Number(number) }]
  })
  const sized = await Promise.all(
    found.map(async (file) => {
      const about = await stat(file.path).catch(noneIfMissing)
      return 'size' in about ? [{ ...file, bytes: about.size }] : []
    }),
  )
  return sized.flat().sort((one, other) => one.number - other.number)
}

/** Those of a file; none where it has gone meanwhile. */
export async function linesOf(path: string): Promise<LetterLine[]> {
  const bytes = await readFile(path).catch(noneIfMissing)
  return bytes instanceof Buffer ? [...letterLines(bytes)] : []
}

/** The letters of one kind that fit, oldest first, file by file: there may be more than memory should hold. */
export async function* readLetters(
  folder: string,
  kind: FileKind,
  matches: (letter: KeptLetter) => boolean,
): AsyncGenerator<LettersRead> {
  for (const { path } of await letterFiles(folder, kind)) {
    const lines = await linesOf(path)
    const letters = lines.flatMap(({ letter }) => (letter && matches(letter) ? [letter] : []))
    yield { letters, damaged: lines.filter(({ letter }) => !letter).length }
  }
}

export function countOf(letters: readonly KeptLetter[]): LetterCount {
  return { letters: letters.length, events: letters.reduce((sum, { count }) => sum + count, 0) }
}

export function added(one: LetterCount, other: LetterCount): LetterCount {
  return { letters: one.letters + other.letters, events: one.events + other.events }
}

function noneIfMissing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}
