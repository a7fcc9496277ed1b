import type { PluginContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import type { SerialLine } from '../../serial/index.js'

/** How long an adapter may take to answer a command; some firmware answers none. */
const answerMs = 500

/** Ends whatever half command the adapter holds, and closes the channel: it may be open from before. */
const beginning = '\r\r\rC\r'
const beginningMs = 100

const bell = '\u0007'

/**
 * Makes an adapter ready: closes it, asks for its version, and gives it the commands one by one (LAWICEL CANUSB manual 1.0: an answer
 * ends with a carriage return, or is a bell where the command is refused). Throws `CAN_BUS_REFUSED` where it refuses one.
 */
export async function prepareAdapter(
  line: SerialLine,
  commands: readonly string[],
  { log }: Pick<PluginContext, 'log'>,
): Promise<void> {
  await line.write(Buffer.from(beginning))
  while (await line.next(beginningMs)) continue
  const version = await answerTo(line, 'V')
  if (version.endsWith('\r')) log.info('adapter', { device: line.path, version: version.trim() })
  for (const command of commands) {
    if ((await answerTo(line, command)).includes(bell)) throw refused(line, command)
  }
}

/** What the adapter says up to the end of its answer, or as long as it is waited for. */
async function answerTo(line: SerialLine, command: string): Promise<string> {
  await line.write(Buffer.from(`${command}\r`))
  let answer = ''
  while (!answer.includes('\r') && !answer.includes(bell)) {
    const bytes = await line.next(answerMs)
    if (!bytes) break
    answer = (answer + Buffer.from(bytes).toString('latin1')).slice(-64)
  }
  return answer
}

function refused(line: SerialLine, command: string): AgentError {
  return new AgentError('CAN_BUS_REFUSED', `${line.path}: the adapter refuses the command "${command}"`)
}
