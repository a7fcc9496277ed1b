import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { nodeFiles } from '../../log/disk/node-files.js'
import { type LeftOut, unlessGone } from '../../log/disk/sight.js'
import { surveyLane } from '../../log/survey.js'
import type { Sealing, Waiting } from '../../log/waiting.js'

/** What `sluice log ls` tells of a lane. Times are milliseconds since 1970. */
export interface LaneReport {
  readonly lane: string
  /** By the configuration. */
  readonly mode: string | undefined
  readonly segments: number
  readonly bytes: number
  readonly events: number
  readonly oldest: number | undefined
  readonly newest: number | undefined
  readonly quarantine: { readonly files: number; readonly bytes: number }
  readonly outputs: readonly OutputReport[]
}

export interface OutputReport {
  readonly output: string
  /** Everything before this sequence is settled; undefined for an output that the checkpoint does not name. */
  readonly position: number | undefined
  /** Whether the route of the output is known: without, all that might be for it counts as pending. */
  readonly exact: boolean
  readonly events: number
  readonly bytes: number
  readonly oldestAgeMs: number | undefined
}

/** This moment, and the boot that it is in. */
export interface Moment {
  readonly wallMs: number
  readonly uptimeMs: number
  readonly boot: string
}

export interface LaneParts {
  readonly folder: string
  readonly mode: string | undefined
  readonly outputs: readonly Waiting[]
  readonly now: Moment
  readonly leftOut: LeftOut
}

export async function reportLane(
  lane: string,
  { folder, mode, outputs, now, leftOut }: LaneParts,
): Promise<LaneReport> {
  const { segments, bytes, events, oldest, newest } = await surveyLane(nodeFiles, folder, outputs, leftOut)
  const quarantine = await sizeOf(join(folder, 'quarantine'))
  return {
    lane,
    mode,
    segments,
    bytes,
    events,
    oldest: oldest?.time,
    newest: newest?.time,
    quarantine,
    outputs: outputs.map((output) => outputReport(output, now)),
  }
}

function outputReport({ id, state, isExact, events, bytes, oldest }: Waiting, now: Moment): OutputReport {
  const oldestAgeMs = oldest && ageOf(oldest, now)
  return { output: id, position: state?.position, exact: isExact, events, bytes, oldestAgeMs }
}

/** Within one boot the machine's uptime tells, which nobody sets. */
export function ageOf({ time, uptime, boot }: Sealing, now: Moment): number {
  return Math.max(0, boot === now.boot ? now.uptimeMs - uptime : now.wallMs - time)
}

async function sizeOf(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const names = (await unlessGone(readdir(folder))) ?? []
  const found = await Promise.all(names.map((name) => unlessGone(lstat(join(folder, name)))))
  const sizes = found.flatMap((each) => (each?.isFile() ? [each.size] : []))
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}
