import { counted } from '../../base/counted.js'
import type { LaneCheck } from '../../log/disk/check-lane.js'
import type { Problem } from '../../log/disk/problem.js'

/** What was found in a folder. */
export interface Findings {
  readonly folder: string
  /** Problems of the checkpoint; undefined where there is none. */
  readonly checkpoint: readonly Problem[] | undefined
  readonly lanes: readonly NamedCheck[]
}

export interface NamedCheck extends LaneCheck {
  readonly lane: string
}

export function problemsOf({ checkpoint = [], lanes }: Findings): readonly Problem[] {
  return [...checkpoint, ...lanes.flatMap(({ problems }) => problems)]
}

export function findingLines(findings: Findings): readonly string[] {
  const { folder, checkpoint, lanes } = findings
  const none = `${folder}/checkpoint.json: none: an agent that starts delivers everything on disk to every output`
  return [
    ...(checkpoint?.map(problemText) ?? [none]),
    ...lanes.flatMap(laneLines),
    `${folder}: ${verdict(problemsOf(findings).length, lanes)}`,
  ]
}

/** The same for programs. */
export function findingsJson(findings: Findings): object {
  const problems = problemsOf(findings)
  const { folder, checkpoint } = findings
  const lanes = findings.lanes.map(({ lane, segments, frames, events, torn }) => {
    return { lane, segments, chunks: frames, events, torn: torn ?? null }
  })
  return { folder, good: problems.length === 0, checkpoint: checkpoint !== undefined, lanes, problems }
}

function laneLines({ problems, torn }: LaneCheck): readonly string[] {
  const tail =
    torn &&
    `${torn.path}: at ${torn.at}, ${torn.bytes} bytes: torn tail: being written now, or cut short by a crash; no damage`
  return [...problems.map(problemText), ...(tail === undefined ? [] : [tail])]
}

function problemText({ path, at, bytes, expected, got }: Problem): string {
  return `${path}: at ${at}, ${bytes} bytes: expected ${expected}, got ${got}`
}

function verdict(problems: number, lanes: readonly LaneCheck[]): string {
  const sum = (of: (found: LaneCheck) => number): number => lanes.reduce((total, found) => total + of(found), 0)
  const segments = sum((lane) => lane.segments)
  const chunks = sum((lane) => lane.frames)
  const events = sum((lane) => lane.events)
  const held = [counted(segments, 'segment'), counted(chunks, 'chunk'), counted(events, 'event')].join(', ')
  if (problems === 0) return `good: ${held}`
  return `damaged: ${counted(problems, 'problem')}; whole: ${held}. An agent delivers what is whole, and keeps damaged bytes in quarantine`
}
