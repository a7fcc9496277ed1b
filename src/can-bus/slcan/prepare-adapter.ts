import type { Clock } from '../../base/clock.js'
import type { PluginContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { SerialLine } from '../../serial/index.js'

/** How long an adapter may take to answer a command; some firmware answers none. */
const answerMs = 500

/** Ends whatever half command the adapter holds, and closes the channel: it may be open from before. */
const beginning = '\r\r\rC\r'
const silenceMs = 100

/** One that talks on, or what is no adapter, is given the commands all the same: it may not hear the end, or be open to stay. */
const longestTalkMs = 1000

const longestAnswer = 64
const bell = '\u0007'

/**
 * Makes an adapter ready: closes it, asks for its version, and gives it the commands one by one (LAWICEL CANUSB manual 1.0: an answer
 * ends with a carriage return, or is a bell where the command is refused). Resolves to what came behind the last answer, which are frames
 * already. Throws `CAN_BUS_REFUSED` where it refuses a command.
 */
export async function prepareAdapter(
  line: SerialLine,
  commands: readonly string[],
  { clock, log }: Pick<PluginContext, 'clock' | 'log'>,
): Promise<Uint8Array> {
  await line.write(Buffer.from(beginning))
  const until = clock.monotonic() + longestTalkMs
  while ((await line.next(silenceMs)) && clock.monotonic() < until) continue
  const version = await answerTo(line, 'V', clock)
  if (version.text.endsWith('\r')) log.info('adapter', { device: line.path, version: version.text.trim() })
  let rest = ''
  for (const command of commands) {
    const answer = await answerTo(line, command, clock)
    if (answer.text.endsWith(bell)) throw refused(line, command)
    rest = answer.rest
  }
  return Buffer.from(rest, 'latin1')
}

interface Answer {
  /** With what ends it; without, where there was none in time. */
  readonly text: string
  /** What came in one piece with it. */
  readonly rest: string
}

/** What the adapter says up to the end of its answer, or as long as it is waited for. */
async function answerTo(line: SerialLine, command: string, clock: Clock): Promise<Answer> {
  await line.write(Buffer.from(`${command}\r`))
  const until = clock.monotonic() + answerMs
  let said = ''
  for (;;) {
    const end = endOf(said)
    if (end > 0) return { text: said.slice(0, end), rest: said.slice(end) }
    const leftMs = until - clock.monotonic()
    const bytes = leftMs > 0 ? await line.next(leftMs) : undefined
    if (!bytes) return { text: said, rest: '' }
    said = said.slice(-longestAnswer) + Buffer.from(bytes).toString('latin1')
  }
}

/** Behind the first end of an answer; 0 where there is none. */
function endOf(said: string): number {
  const ends = ['\r', bell].map((mark) => said.indexOf(mark) + 1).filter((end) => end > 0)
  return ends.length === 0 ? 0 : Math.min(...ends)
}

function refused(line: SerialLine, command: string): AgentError {
  return new AgentError('CAN_BUS_REFUSED', `${line.path}: the adapter refuses the command "${command}"`)
}
