import {
  AgentError,
  EntryWriter,
  type EventRecord,
  type Input,
  type InputContext,
  messageOf,
  RecordStream,
} from 'sluice/plugin'
import { checkDevice, type SerialLine, type SerialSettings, whileLine } from 'sluice/serial'
import { type ApiFrame, type FrameKind, frameKinds, readFrame } from './api-frame.js'
import { FrameFinder } from './frame-finder.js'
import { payloadParser } from './payload-parser.js'

export interface Settings extends SerialSettings {
  readonly tag: string
  readonly api_mode: number
  readonly parser: string | undefined
  readonly frames: readonly string[] | undefined
  readonly max_frame: number
  readonly source_address_key: string
}

/** A module sends a frame in one go: one that pauses for so long was cut off. */
const longestPauseMs = 250

/** Reads the line whenever it is there. Throws an AgentError where no device is named, or one of `frames` is none. */
export function xbeeInput(settings: Settings, context: InputContext): Input {
  checkDevice(settings)
  const take = takerOf(settings, context)
  return { run: (signal) => whileLine(settings, context, signal, (line) => readLine(line, take, settings, context)) }
}

type Take = (frame: Buffer) => boolean

async function readLine(line: SerialLine, take: Take, settings: Settings, context: InputContext): Promise<never> {
  const finder = new FrameFinder({
    escaped: settings.api_mode === 2,
    maxFrame: settings.max_frame,
    onDamage: (reason) => context.drop(reason, 1),
    onNoise: (bytes) => context.count('noise_bytes', bytes),
  })
  try {
    for (;;) {
      const bytes = await line.next(finder.pending > 0 ? longestPauseMs : Infinity)
      let hasRoom = true
      for (const frame of bytes ? finder.push(bytes) : finder.giveUp()) hasRoom = take(frame) && hasRoom
      if (!hasRoom) await context.room()
    }
  } finally {
    if (finder.pending > 0) context.drop('cut_off', 1)
  }
}

/** What takes a frame, and answers whether there is room for more. */
function takerOf(settings: Settings, context: InputContext): Take {
  const { tag, parser, max_frame: maxFrame } = settings
  const kinds = kindsOf(settings.frames)
  const parts = { tag, parser: parser === undefined ? payloadParser : context.parser(parser), maxFrame }
  const payloads = new RecordStream({ ...parts, writer: new EntryWriter() }, context)
  return (bytes) => {
    const frame = frameOf(bytes, context)
    if (!frame || !kinds.has(frame.kind)) return true
    const fields = fieldsOf(frame, settings.source_address_key)
    if (frame.payload) return payloads.whole(frame.payload, fields)
    let hasRoom = true
    for (const record of frame.records) hasRoom = context.emit(tag, { ...fields, ...record }) && hasRoom
    return hasRoom
  }
}

function frameOf(bytes: Buffer, context: InputContext): ApiFrame | undefined {
  try {
    const frame = readFrame(bytes)
    if (!frame) context.count('other_frames')
    return frame
  } catch (error) {
    context.drop('invalid', 1)
    context.log.warn('dropping a frame that is too short', { reason: messageOf(error) })
    return undefined
  }
}

function fieldsOf({ source, fields }: ApiFrame, key: string): EventRecord {
  return source === undefined ? fields : { [key]: source, ...fields }
}

function kindsOf(names: readonly string[] = frameKinds): ReadonlySet<FrameKind> {
  const wrong = names.find((name) => !(frameKinds as readonly string[]).includes(name))
  if (wrong === undefined) return new Set(names as readonly FrameKind[])
  throw new AgentError('XBEE_FRAMES', `frames: expected some of ${frameKinds.join(', ')}, got "${wrong}"`)
}
