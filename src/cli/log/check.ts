import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { checkCheckpoint } from '../../log/check-checkpoint.js'
import { checkLane, type LaneCheck } from '../../log/disk/check-lane.js'
import { nodeFiles } from '../../log/disk/node-files.js'
import type { Problem } from '../../log/disk/problem.js'
import { unlessGone } from '../../log/disk/sight.js'
import { counted } from '../../base/counted.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseOptions } from './arguments.js'
import { type Place, placeOf } from './place.js'
import { readable } from './readable.js'
import { storageOptions } from './storage.js'

/** `sluice log check`: verifies every byte on disk, and changes none. */
export function check(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return readable('log check', verify(args, terminal))
}

async function verify(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const place = await placeOf('log check', parseOptions('log check', args, storageOptions), terminal)
  if (!place) return exitCodes.config
  const problems = [...(await checkedCheckpoint(place, terminal))]
  const checks: LaneCheck[] = []
  for (const problem of problems) terminal.out(problemText(problem))
  for (const lane of place.lanes) {
    const found = await checkLane(nodeFiles, join(place.folder, lane))
    checks.push(found)
    problems.push(...found.problems)
    for (const line of laneLines(found)) terminal.out(line)
  }
  terminal.out(`${place.folder}: ${verdict(problems.length, checks)}`)
  return problems.length === 0 ? exitCodes.ok : exitCodes.failed
}

async function checkedCheckpoint({ folder }: Place, terminal: Terminal): Promise<readonly Problem[]> {
  const path = join(folder, 'checkpoint.json')
  const bytes = await unlessGone(readFile(path))
  if (!bytes) {
    terminal.out(`${path}: none: an agent that starts delivers everything on disk to every output`)
    return []
  }
  return checkCheckpoint(bytes.toString()).map((finding) => ({ path, at: 0, bytes: bytes.length, ...finding }))
}

function laneLines({ problems, torn }: LaneCheck): readonly string[] {
  const tail =
    torn &&
    `${torn.path}: at ${torn.at}, ${torn.bytes} bytes: torn tail: being written now, or cut short by a crash; no damage`
  return [...problems.map(problemText), ...(tail === undefined ? [] : [tail])]
}

export function problemText({ path, at, bytes, expected, got }: Problem): string {
  return `${path}: at ${at}, ${bytes} bytes: expected ${expected}, got ${got}`
}

function verdict(problems: number, checks: readonly LaneCheck[]): string {
  const sum = (of: (found: LaneCheck) => number): number => checks.reduce((total, found) => total + of(found), 0)
  const held = [
    counted(
      sum(({ segments }) => segments),
      'segment',
    ),
    counted(
      sum(({ frames }) => frames),
      'chunk',
    ),
    counted(
      sum(({ events }) => events),
      'event',
    ),
  ].join(', ')
  if (problems === 0) return `good: ${held}`
  return `damaged: ${counted(problems, 'problem')}; whole: ${held}. An agent delivers what is whole, and keeps damaged bytes in quarantine`
}
