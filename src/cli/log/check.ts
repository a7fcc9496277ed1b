import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { checkCheckpoint } from '../../log/check-checkpoint.js'
import { checkLane } from '../../log/disk/check-lane.js'
import { nodeFiles } from '../../log/disk/node-files.js'
import type { Problem } from '../../log/disk/problem.js'
import { unlessGone } from '../../log/disk/sight.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseOptions } from './arguments.js'
import { findingLines, type Findings, findingsJson, type NamedCheck, problemsOf } from './check-text.js'
import { type Place, placeOf } from './place.js'
import { readable } from './readable.js'
import { storageOptions } from './storage.js'

const options = { ...storageOptions, json: { type: 'boolean' } } as const

/** `sluice log check`: verifies every byte on disk, and changes none. */
export function check(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return readable('log check', verify(args, terminal))
}

async function verify(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { json = false, ...where } = parseOptions('log check', args, options)
  const place = await placeOf('log check', where, terminal)
  if (!place) return exitCodes.config
  const findings = await findingsIn(place)
  if (json) terminal.out(JSON.stringify(findingsJson(findings), undefined, 2))
  else for (const line of findingLines(findings)) terminal.out(line)
  return problemsOf(findings).length === 0 ? exitCodes.ok : exitCodes.failed
}

async function findingsIn({ folder, lanes: names }: Place): Promise<Findings> {
  const checkpoint = await checkedCheckpoint(folder)
  const lanes: NamedCheck[] = []
  for (const lane of names) lanes.push({ lane, ...(await checkLane(nodeFiles, join(folder, lane))) })
  return { folder, checkpoint, lanes }
}

async function checkedCheckpoint(folder: string): Promise<readonly Problem[] | undefined> {
  const path = join(folder, 'checkpoint.json')
  const bytes = await unlessGone(readFile(path))
  if (!bytes) return undefined
  return checkCheckpoint(bytes.toString()).map((finding) => ({ path, at: 0, bytes: bytes.length, ...finding }))
}
