import type { Clock } from '../../base/clock.js'
import { IsoTpReceiver } from '../isotp/receiver.js'
import type { ObdAnswer } from '../obd/messages.js'

export interface AnswerFormat {
  /** Lines begin with whom they come from (`ATH1`). */
  readonly headers: boolean
  /** The bus is CAN, by the number of its protocol: those from 6 on. */
  readonly can: boolean
  readonly clock: Clock
}

export interface ReadAnswers {
  readonly answers: ObdAnswer[]
  /** Lines that were no data, or data that does not belong together. */
  readonly malformed: number
}

/** Most bytes that a CAN answer may have. */
const longestAnswer = 4095

/** Lines of data to what ECUs said. What is no data is counted and left out. */
export function readAnswers(lines: readonly string[], format: AnswerFormat): ReadAnswers {
  if (format.can) return format.headers ? framesOf(lines, format.clock) : numberedOf(lines)
  return messagesOf(lines, format.headers)
}

/** CAN with headers: `7E8` or `18DAF110`, then the bytes of a frame, of which the first is of ISO 15765-2. */
function framesOf(lines: readonly string[], clock: Clock): ReadAnswers {
  const answers: ObdAnswer[] = []
  const receivers = new Map<string, IsoTpReceiver>()
  let malformed = 0
  for (const line of lines) {
    // Identifiers of 11 bits are three digits, so that the number of all digits is odd.
    const digits = line.length % 2 === 1 ? 3 : 8
    const frame = hexBytes(line.slice(digits))
    if (!/^[\dA-F]+$/.test(line.slice(0, digits)) || !frame || frame.length > 8) malformed++
    else receiverOf(line.slice(0, digits)).take(frame, frame.length)
  }
  for (const receiver of receivers.values()) {
    if (receiver.isReceiving) malformed++
    receiver.close()
  }
  return { answers, malformed }

  function receiverOf(ecu: string): IsoTpReceiver {
    const known = receivers.get(ecu)
    if (known) return known
    const receiver = new IsoTpReceiver({
      clock,
      longest: longestAnswer,
      blockSize: 0,
      separationMs: 0,
      nextFrameMs: Infinity,
      onMessage: (payload) => answers.push({ ecu, payload }),
      onFault: () => malformed++,
      flow: () => undefined,
    })
    receivers.set(ecu, receiver)
    return receiver
  }
}

/** CAN without headers: a message a line, or its length in three digits, then numbered lines `0:`, `1:` and so on. */
function numberedOf(lines: readonly string[]): ReadAnswers {
  const answers: ObdAnswer[] = []
  let malformed = 0
  let length = 0
  let text = ''
  for (const line of lines) {
    if (/^[\dA-F]{3}$/.test(line)) {
      length = parseInt(line, 16)
      text = ''
      continue
    }
    const isPart = line[1] === ':'
    const bytes = hexBytes(isPart ? text + line.slice(2) : line)
    if (!bytes || (isPart && length === 0)) malformed++
    else if (!isPart) answers.push({ ecu: '', payload: bytes })
    else if (bytes.length < length) text += line.slice(2)
    else {
      answers.push({ ecu: '', payload: bytes.subarray(0, length) })
      length = 0
    }
  }
  return { answers, malformed: length > 0 ? malformed + 1 : malformed }
}

/** Older buses: priority or format, target, source, up to seven bytes, checksum; without headers the bytes alone. */
function messagesOf(lines: readonly string[], headers: boolean): ReadAnswers {
  const answers: ObdAnswer[] = []
  let malformed = 0
  for (const line of lines) {
    const bytes = hexBytes(line)
    const payload = headers ? bytes?.subarray(3, -1) : bytes
    if (!payload || payload.length === 0) malformed++
    else join(answers, headers ? line.slice(4, 6) : '', payload)
  }
  return { answers, malformed }
}

/** What takes several messages on these buses is one answer: codes (`43`, `47`), and vehicle information (`49 TYPE NUMBER`). */
function join(answers: ObdAnswer[], ecu: string, payload: Uint8Array): void {
  const before = answers.findIndex((each) => each.ecu === ecu && continues(each.payload, payload))
  const first = answers[before]
  if (!first) return void answers.push({ ecu, payload })
  const data = payload.subarray(payload[0] === informationAnswer ? 3 : 1)
  answers[before] = { ecu, payload: new Uint8Array([...first.payload, ...data]) }
}

const informationAnswer = 0x49
const codeAnswers: readonly (number | undefined)[] = [0x43, 0x47, 0x4a]

function continues(first: Uint8Array, next: Uint8Array): boolean {
  if (first[0] !== next[0]) return false
  if (next[0] === informationAnswer) return first[1] === next[1] && (next[2] ?? 0) > 1
  return codeAnswers.includes(next[0])
}

function hexBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[\dA-F]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_each, at) => parseInt(text.slice(at * 2, at * 2 + 2), 16))
}
