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
import { tellDamaged } from './dead-list.js'
import type { DeadArguments } from './dead-arguments.js'

/** `sluice log dead cat`: the events themselves, a JSON object a line. */
export async function showEvents({ folder, filters }: DeadArguments, terminal: Terminal): Promise<ExitCode> {
  let [damaged, unreadable] = [0, 0]
  for await (const file of readLetters(folder, 'letters', matcherOf(filters))) {
    damaged += file.damaged
    for (const letter of file.letters) if (!showLetter(letter, terminal)) unreadable++
  }
  tellDamaged(damaged, terminal)
  return unreadable > 0 ? exitCodes.failed : exitCodes.ok
}

/** False where some of its events are no events. */
function showLetter(letter: KeptLetter, terminal: Terminal): boolean {
  try {
    for (const line of eventLines(letter)) terminal.out(line)
    return true
  } catch (error) {
    terminal.err(
      `letter ${letter.id} of ${letter.output}: the rest of its ${letter.count} events cannot be read: ${messageOf(error)}`,
    )
    return false
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
