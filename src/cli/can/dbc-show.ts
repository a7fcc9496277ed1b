import { didYouMean } from '../../base/nearest.js'
import { type Dbc, type DbcMessage, type DbcSignal, parseDbc } from '../../can/index.js'
import { UsageError } from '../direct-form.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseWords } from './arguments.js'
import { layoutOf, signOf } from './bit-layout.js'
import { fileOf } from './read-bytes.js'

/** `sluice can dbc show`: the messages of a DBC file, or one of them bit by bit. */
export async function dbcShow(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parseWords('can dbc show', args, {})
  const [path, name, ...others] = positionals
  if (path === undefined || others.length > 0) {
    throw new UsageError('can dbc show: expected a DBC file, and a message if one alone is to be shown')
  }
  const dbc = parseDbc(await fileOf(path), path)
  if (name === undefined) terminal.out(terminal.outTable(messageRows(dbc)))
  else showMessage(messageOf(dbc, name), terminal)
  return exitCodes.ok
}

export function messageRows({ messages }: Dbc): string[][] {
  const rows = messages.map((message) => [
    idText(message),
    message.name,
    String(message.length),
    message.cycleMs === undefined ? '' : `${message.cycleMs} ms`,
    String(message.signals.length),
    message.senders.join(' '),
  ])
  return [['id', 'message', 'bytes', 'cycle', 'signals', 'sender'], ...rows]
}

/** By its name, or by its id in hexadecimal. */
export function messageOf({ messages, file }: Dbc, word: string): DbcMessage {
  const id = /^(0x)?[\da-f]+$/i.test(word) ? Number.parseInt(word, 16) : -1
  const found = messages.find(({ name }) => name === word) ?? messages.find((message) => message.id === id)
  if (found) return found
  const names = messages.map(({ name }) => name)
  throw new UsageError(
    `${file}: expected the name of a message or its id in hexadecimal, got "${word}"${didYouMean(word, names)}`,
  )
}

function showMessage(message: DbcMessage, terminal: Terminal): void {
  const { name, length, cycleMs, comment } = message
  const cycle = cycleMs === undefined ? '' : `, every ${cycleMs} ms`
  terminal.out(`${terminal.bold(name)} ${idText(message)}, ${length} bytes${cycle}`)
  if (comment !== '') terminal.out(comment)
  for (const { title, signals } of viewsOf(message)) {
    terminal.out(`\n${title === '' ? '' : `${title}\n`}${layoutOf(message, signals).join('\n')}`)
  }
  terminal.out(`\n${terminal.outTable(signalRows(message))}`)
  for (const line of labelLines(message)) terminal.out(line)
}

interface View {
  readonly title: string
  readonly signals: readonly DbcSignal[]
}

/** All signals at once, or those of each value that selects some. */
export function viewsOf({ signals }: DbcMessage): View[] {
  const always = signals.filter(({ selector }) => !selector)
  const titles = new Set(signals.flatMap((signal) => (signal.selector ? [selectorText(signal)] : [])))
  if (titles.size === 0) return [{ title: '', signals }]
  return [...titles].map((title) => ({
    title: `where ${title}`,
    signals: signals.filter((signal) => always.includes(signal) || selectorText(signal) === title),
  }))
}

export function signalRows({ signals }: DbcMessage): string[][] {
  const rows = signals.map((signal, place) => [
    signOf(place),
    signal.name,
    `${signal.start}|${signal.length}@${signal.bigEndian ? 'big' : 'little'}`,
    signal.type,
    formulaOf(signal),
    signal.unit,
    selectorText(signal),
  ])
  return [['', 'signal', 'bits', 'type', 'value', 'unit', 'where'], ...rows]
}

function labelLines({ signals }: DbcMessage): string[] {
  return signals
    .filter(({ labels }) => labels.size > 0)
    .map(({ name, labels }) => `${name}: ${[...labels].map(([raw, text]) => `${raw} ${text}`).join(', ')}`)
}

function formulaOf({ factor, offset }: DbcSignal): string {
  const scaled = factor === 1 ? 'raw' : `raw * ${factor}`
  if (offset === 0) return scaled
  return `${scaled} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`
}

function selectorText({ selector }: DbcSignal): string {
  if (!selector) return ''
  const ranges = selector.ranges.map(([least, most]) => (least === most ? String(least) : `${least}-${most}`))
  return `${selector.signal} = ${ranges.join(', ')}`
}

function idText({ id, extended }: DbcMessage): string {
  return `0x${id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0')}`
}
