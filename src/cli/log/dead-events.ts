import { matcherOf } from '../../engine/dead-letter-request.js'
import { ByteSink } from '../../event/byte-sink.js'
import { mustBeMap, readEntryTime } from '../../event/entry-reader.js'
import { toIsoText } from '../../event/event-time.js'
import { JsonTranscoder } from '../../event/json-transcoder.js'
import { MsgpackReader } from '../../event/msgpack-reader.js'
import { readLetters } from '../../flush/dead-letter-folder.js'
import { eventsOf, type KeptLetter } from '../../flush/kept-letter.js'
import { messageOf } from '../../plugin/errors.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { type ByteStream, writeBytes } from './byte-output.js'
import { tellDamaged } from './dead-list.js'
import { type DeadArguments, noneText } from './dead-arguments.js'

/** `sluice log dead cat`: the events themselves, a JSON object a line. */
export async function showEvents(
  { folder, filters }: DeadArguments,
  terminal: Terminal,
  stream: ByteStream = process.stdout,
): Promise<ExitCode> {
  let [shown, damaged, isWhole] = [0, 0, true]
  for await (const file of readLetters(folder, 'letters', matcherOf(filters))) {
    damaged += file.damaged
    for (const letter of file.letters) {
      const { text, error } = linesOf(letter)
      if (!(await writeBytes(stream, Buffer.from(text)))) return exitCodes.ok
      if (error !== undefined) terminal.err(error)
      isWhole &&= error === undefined
      shown++
    }
  }
  if (shown === 0) terminal.err(noneText(filters))
  tellDamaged(damaged, terminal)
  return isWhole && damaged === 0 ? exitCodes.ok : exitCodes.failed
}

/** Its events as far as they are events, and why not all of them are. */
function linesOf(letter: KeptLetter): { readonly text: string; readonly error?: string } {
  let text = ''
  try {
    for (const line of eventLines(letter)) text += `${line}\n`
    return { text }
  } catch (error) {
    const { id, output, count } = letter
    const what = `letter ${id} of ${output}: the rest of its ${count} events cannot be read`
    return { text, error: `${what}: ${messageOf(error)}` }
  }
}

/** Transcoded, so that integers keep all their digits. */
function* eventLines(letter: KeptLetter): Generator<string> {
  const { entries } = eventsOf(letter)
  const reader = new MsgpackReader(entries)
  const sink = new ByteSink(1024)
  const records = new JsonTranscoder(reader, sink)
  const about = [letter.tag, letter.output, letter.reason].map((text) => JSON.stringify(text))
  while (reader.at < entries.length) {
    const time = toIsoText(readEntryTime(reader))
    mustBeMap(reader)
    sink.at = 0
    records.writeValue()
    const record = sink.bytes.toString('utf8', 0, sink.at)
    yield `{"time":"${time}","tag":${about[0]},"output":${about[1]},"reason":${about[2]},"record":${record}}`
  }
}
