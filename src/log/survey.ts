import type { LogFiles } from './disk/files.js'
import { type Frame, headBytes, readHead } from './disk/frame.js'
import type { SegmentFile } from './disk/segment-file.js'
import { entryBytes, segmentHeadBytes } from './disk/segment-format.js'
import { type LeftOut, type Sight, sightings, windowsOf } from './disk/sight.js'
import type { Sealing, Waiting } from './waiting.js'

/** What is on disk of a lane. */
export interface Survey {
  segments: number
  /** Of the segment files. */
  bytes: number
  /** Events that can be read, delivered or not. */
  events: number
  /** When the first and the last chunk were sealed; undefined where there is none. */
  oldest: Sealing | undefined
  newest: Sealing | undefined
}

/** Counts a lane, and for each output what it still has to get. Segments whose summaries tell all of it are not read. */
export async function surveyLane(
  files: LogFiles,
  folder: string,
  outputs: readonly Waiting[],
  leftOut: LeftOut,
): Promise<Survey> {
  const survey: Survey = { segments: 0, bytes: 0, events: 0, oldest: undefined, newest: undefined }
  for await (const sight of sightings(files, folder, leftOut)) {
    const { summary } = sight
    survey.segments++
    survey.bytes += sight.size
    if (summary && outputs.every((output) => output.isToldBy(summary)))
      await countSummary(survey, outputs, sight, summary)
    else await countFrames(survey, outputs, sight)
  }
  return survey
}

// oxlint-disable-next-line max-params -- all of one segment
async function countSummary(
  survey: Survey,
  outputs: readonly Waiting[],
  sight: Sight,
  summary: SegmentFile,
): Promise<void> {
  for (const group of summary.groups) {
    survey.events += group.events
    const piece = { events: group.events, bytes: entryBytes(group) }
    for (const output of outputs) if (output.has(summary.first) && output.isFor(group)) output.count(piece)
  }
  survey.oldest ??= await firstSealing(sight)
  const { time, uptime, boot } = summary
  survey.newest = { time, uptime, boot }
}

async function countFrames(survey: Survey, outputs: readonly Waiting[], sight: Sight): Promise<void> {
  for await (const { frames } of windowsOf(sight)) for (const frame of frames) countFrame(survey, outputs, frame)
}

function countFrame(survey: Survey, outputs: readonly Waiting[], frame: Frame): void {
  const { sequence, count, entries, time, uptime, boot } = frame
  const sealing = { time, uptime, boot }
  survey.events += count
  survey.oldest ??= sealing
  survey.newest = sealing
  const piece = { events: count, bytes: entries.length }
  for (const output of outputs) if (output.has(sequence) && output.isFor(frame)) output.count(piece, sealing)
}

async function firstSealing({ file }: Sight): Promise<Sealing | undefined> {
  const bytes = Buffer.alloc(headBytes)
  await file.read(bytes, segmentHeadBytes)
  return readHead(bytes, 0)
}
