import { every, type Input, type InputContext, messageOf, type Parser, RecordStream } from 'sluice/plugin'
import { runCommand } from './run-command.js'

export interface Settings {
  readonly tag: string
  readonly interval: number
  readonly parser: string | undefined
  readonly words: readonly [string, ...string[]]
  readonly timeout: number
  readonly buf_size: number
  readonly oneshot: boolean
}

/** Without a parser every line is a record of its own. */
const plainLines: Parser = {
  framing: 'lines',
  parse: (line) => (line.length === 0 ? [] : [{ record: { exec: Buffer.from(line).toString() } }]),
}

/** Runs never overlap: the next one starts at its time or, when the last one took longer, at the time after that. */
export function execInput(settings: Settings, context: InputContext): Input {
  const runs = every(settings.interval, context, (signal) => runOnce(settings, context, signal))
  return settings.oneshot ? { run: (signal) => runOnce(settings, context, signal) } : runs
}

async function runOnce(settings: Settings, context: InputContext, signal: AbortSignal): Promise<void> {
  const { tag, words, timeout: timeoutMs, buf_size: maxFrame } = settings
  const parser = settings.parser === undefined ? plainLines : context.parser(settings.parser)
  const stream = new RecordStream({ tag, parser, maxFrame }, context)
  const { clock } = context
  const take = (bytes: Uint8Array): Promise<void> | undefined => (stream.push(bytes) ? undefined : context.room())
  try {
    const failure = await runCommand(words, { timeoutMs, clock, signal, take })
    stream.end()
    if (failure !== undefined && !signal.aborted) report(failure, context)
  } catch (error) {
    report(messageOf(error), context)
  }
}

function report(failure: string, context: InputContext): void {
  context.count('failed_runs')
  context.log.warn('command failed', { reason: failure })
}
