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
const anyAnswer = new RegExp(`[^\\r${bell}]*[\\r${bell}]`)

/** What answers before it may be late ones to what came before, which nothing else sets apart. */
const versionAnswer = new RegExp(`V[^\\r${bell}]*\\r`)

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
  const version = await answerTo(line, { command: 'V', form: versionAnswer }, clock)
  if (version.text !== '') log.info('adapter', { device: line.path, version: version.text.trim() })
  let rest = ''
  for (const command of commands) {
    const answer = await answerTo(line, { command, form: anyAnswer }, clock)
    if (answer.text.endsWith(bell)) throw refused(line, command)
    rest = answer.rest
  }
  return Buffer.from(rest, 'latin1')
}

interface Question {
  readonly command: string
  readonly form: RegExp
}

interface Answer {
  /** With what ends it; empty where there was none in time. */
  readonly text: string
  /** What came in one piece with it. */
  readonly rest: string
}

async function answerTo(line: SerialLine, { command, form }: Question, clock: Clock): Promise<Answer> {
  await line.write(Buffer.from(`${command}\r`))
  const until = clock.monotonic() + answerMs
  let said = ''
  for (;;) {
    const answer = form.exec(said)
    if (answer) return { text: answer[0], rest: said.slice(answer.index + answer[0].length) }
    const leftMs = until - clock.monotonic()
    const bytes = leftMs > 0 ? await line.next(leftMs) : undefined
    if (!bytes) return { text: '', rest: '' }
    said = said.slice(-longestAnswer) + Buffer.from(bytes).toString('latin1')
  }
}

function refused(line: SerialLine, command: string): AgentError {
  return new AgentError('CAN_BUS_REFUSED', `${line.path}: the adapter refuses the command "${command}"`)
}
