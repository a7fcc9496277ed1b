import { removeFile, replaceFile } from '../base/durable-file.js'
import { added, countOf, type LetterCount, letterFileOf, letterFiles, linesOf } from './dead-letter-folder.js'
import type { KeptLetter } from './kept-letter.js'

export type LetterTest = (letter: KeptLetter) => boolean

/** Takes letters out of the dead letter. Only for the process that holds the storage path, which does nothing else to it meanwhile. */
export interface LetterTaking {
  /** Deletes the letters that fit. */
  drop(matches: LetterTest): Promise<LetterCount>
  /** Moves the letters that fit to files of their own, from which they are replayed. A crash in between leaves them in both. */
  moveToReplay(matches: LetterTest): Promise<LetterCount>
}

export function letterTaking(folder: string): LetterTaking {
  return {
    drop: (matches) => takeOut(folder, matches, () => Promise.resolve()),
    moveToReplay: (matches) => takeOut(folder, matches, (lines) => addReplayFile(folder, lines)),
  }
}

async function takeOut(
  folder: string,
  matches: LetterTest,
  first: (lines: readonly Buffer[]) => Promise<void>,
): Promise<LetterCount> {
  let taken: LetterCount = { letters: 0, events: 0 }
  for (const { path } of await letterFiles(folder, 'letters')) {
    const lines = await linesOf(path)
    const out = new Set(lines.filter(({ letter }) => letter && matches(letter)))
    if (out.size === 0) continue
    await first(Array.from(out, ({ bytes }) => bytes))
    const kept = lines.filter((line) => !out.has(line)).map(({ bytes }) => bytes)
    await (kept.length > 0 ? replaceFile(path, Buffer.concat(kept)) : removeFile(path))
    taken = added(taken, countOf(Array.from(out).flatMap(({ letter }) => letter ?? [])))
  }
  return taken
}

async function addReplayFile(folder: string, lines: readonly Buffer[]): Promise<void> {
  const newest = (await letterFiles(folder, 'replay')).at(-1)?.number ?? 0
  await replaceFile(letterFileOf(folder, 'replay', newest + 1), Buffer.concat(lines.map(ended)))
}

/** The last letter of a file may have lost its newline. */
function ended(line: Buffer): Buffer {
  return line.at(-1) === 0x0a ? line : Buffer.concat([line, Buffer.from('\n')])
}
