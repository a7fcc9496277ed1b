import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { type CanFrame, compileDecoders, emptyFrame, parseDbc, type SignalDecoders } from '../src/can/index.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import { cpuMicros, measure, printCosts } from './measure.js'

/** What decoding CAN frames costs with messages of ten signals, and what a file of 5,000 signals takes in memory and time. */

const messageCount = 500
const signalsEach = 10
const frameCount = 1000

/** Speeds, temperatures, states: what a message of a powertrain has, some of it big-endian, scaled, or with texts. */
function dbcText(): string {
  const lines = ['VERSION ""', 'BU_: Engine Gateway']
  for (let message = 0; message < messageCount; message++) {
    lines.push(`BO_ ${0x100 + message} Message_${message}: 8 Engine`)
    for (let signal = 0; signal < signalsEach; signal++) lines.push(signalText(message, signal))
  }
  for (let message = 0; message < messageCount; message++)
    lines.push(`VAL_ ${0x100 + message} State_${message}_9 0 "off" 1 "standby" 2 "running" 3 "fault" ;`)
  return lines.join('\n')
}

const layouts = [
  '0|12@1+ (0.1,0) [0|409.5] "km/h"',
  '12|8@1+ (1,-40) [-40|215] "degC"',
  '20|4@1+ (1,0) [0|15] ""',
  '24|10@1- (0.5,0) [-256|255.5] "Nm"',
  '34|1@1+ (1,0) [0|1] ""',
  '35|1@1+ (1,0) [0|1] ""',
  '36|4@1+ (1,0) [0|15] ""',
  '47|12@0+ (0.25,0) [0|1023.75] "rpm"',
  '51|6@0+ (1,0) [0|63] "%"',
  '56|2@1+ (1,0) [0|3] ""',
] as const

function signalText(message: number, signal: number): string {
  return ` SG_ ${signal === 9 ? 'State' : 'Signal'}_${message}_${signal} : ${layouts[signal]} Gateway`
}

const file = Buffer.from(dbcText())
const frames = Array.from({ length: frameCount }, (_none, index) => frameOf(index))
const writer = new EntryWriter(1 << 20)

function frameOf(index: number): CanFrame {
  const frame = { ...emptyFrame(), id: 0x100 + ((index * 37) % messageCount), length: 8, seconds: 1_795_467_780 }
  for (let at = 0; at < 8; at++) frame.data[at] = (index * 31 + at * 77) % 251
  return frame
}

function decodeAll(decoders: SignalDecoders): void {
  for (const frame of frames) decoders.find(frame)?.decode(frame)
}

function encodeAll(decoders: SignalDecoders): void {
  writer.clear()
  for (const frame of frames) {
    const decoder = decoders.find(frame)
    if (!decoder) continue
    decoder.decode(frame)
    writer.writeEntryHeader(frame.seconds, frame.nanoseconds)
    writer.writeMapHeader(decoder.fieldCount)
    decoder.write(writer)
  }
}

function recordAll(decoders: SignalDecoders): number {
  let fields = 0
  for (const frame of frames) {
    const decoder = decoders.find(frame)
    decoder?.decode(frame)
    fields += Object.keys(decoder?.record() ?? {}).length
  }
  return fields
}

function heapBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
}

const before = heapBytes()
const parsed = parseDbc(file, 'bench.dbc')
const decoders = compileDecoders([parsed])
const held = heapBytes() - before
const labelled = compileDecoders([parsed], { labels: 'both' })

const decode = { name: 'decode', cost: measure(frameCount, () => decodeAll(decoders)), unit: 'frame' }
const encode = {
  name: 'decode, written as entries',
  cost: measure(frameCount, () => encodeAll(decoders)),
  unit: 'frame',
}
printCosts(`CAN frames of ${signalsEach} signals, ${messageCount} messages`, [
  decode,
  encode,
  { name: 'the same, texts too', cost: measure(frameCount, () => encodeAll(labelled)), unit: 'frame' },
  { name: 'decode, as an object', cost: measure(frameCount, () => recordAll(decoders)), unit: 'frame' },
])
console.log(`  ${Math.round(1e9 / encode.cost).toLocaleString('en')} frames/s a core as entries`)
const count = parsed.messages.length * signalsEach
console.log(
  `  ${count.toLocaleString('en')} signals hold ${(held / 2 ** 20).toFixed(1)} MiB${globalThis.gc ? '' : ', garbage too'}`,
)
printParsing('the same file', file)
const oracle = join('..', 'shared', 'can-oracle', 'dbc')
if (existsSync(oracle)) printParsing('the largest of the oracle', largestIn(oracle))

/** The first time is what a start takes; later ones are of code that was optimised. */
function printParsing(name: string, bytes: Uint8Array): void {
  const start = cpuMicros()
  parseDbc(bytes, name)
  const once = (cpuMicros() - start) / 1000
  const again = measure(1, () => parseDbc(bytes, name)) / 1e6
  console.log(
    `  parse ${name}, ${(bytes.length / 1024).toFixed(0)} KiB: ${once.toFixed(0)} ms, then ${again.toFixed(1)} ms`,
  )
}

function largestIn(folder: string): Uint8Array {
  const files = readdirSync(folder).map((name) => join(folder, name))
  const [largest = ''] = files.sort((one, other) => statSync(other).size - statSync(one).size)
  return readFileSync(largest)
}
