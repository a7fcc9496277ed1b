import type { LogFiles } from './files.js'
import { checkSegment } from './check-segment.js'
import type { Problem } from './problem.js'
import { openedFiles } from './sight.js'

export interface LaneCheck {
  readonly problems: readonly Problem[]
  /** The end of the newest segment that is no whole frame. */
  readonly torn: Pick<Problem, 'path' | 'at' | 'bytes'> | undefined
  readonly segments: number
  readonly frames: number
  readonly events: number
}

/** Verifies the segments of a lane. A chunk that two of them have, since the end of the older one failed, counts once. */
export async function checkLane(files: LogFiles, folder: string): Promise<LaneCheck> {
  const problems: Problem[] = []
  let torn: LaneCheck['torn']
  let [segments, frames, events, from] = [0, 0, 0, 0]
  for await (const opened of openedFiles(files, folder)) {
    const check = await checkSegment(opened, from)
    problems.push(...check.problems)
    if (check.torn) torn = { path: opened.path, ...check.torn }
    segments++
    frames += check.frames
    events += check.events
    from = Math.max(from, check.last + 1)
  }
  return { problems, torn, segments, frames, events }
}
