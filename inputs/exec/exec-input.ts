import { every, type Input, type InputContext, type Parser, RecordStream } from 'sluice/plugin'
import { runCommand } from './run-command.js'

export interface Settings {
  readonly tag: string
  readonly interval: number
  readonly parser: string | undefined
  readonly words: readonly [string, ...string[]]
  readonly timeout: number
  readonly buf_size: number
  readonly oneshot: boolean
  readonly exit_after_oneshot: boolean
}

/** An input that has nothing left to do keeps the agent running all the same. */
const idleMs = 3_600_000

/** Without a parser every line is a record of its own. */
const plainLines: Parser = {
  framing: 'lines',
  parse: (line) => (line.length === 0 ? [] : [{ record: { exec: Buffer.from(line).toString() } }]),
}

/** Runs never overlap: the next one starts at its time or, when the last one took longer, at the time after that. */
export function execInput(settings: Settings, context: InputContext): Input {
  if (!settings.oneshot) return every(settings.interval, context, (signal) => runOnce(settings, context, signal))
  return {
    async run(signal) {
      await runOnce(settings, context, signal)
      if (settings.exit_after_oneshot) return
      while (!signal.aborted) await context.clock.sleep(idleMs, signal)
    },
  }
}

async function runOnce(settings: Settings, context: InputContext, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const { tag, words, timeout: timeoutMs, buf_size: maxFrame } = settings
  const parser = settings.parser === undefined ? plainLines : context.parser(settings.parser)
  const stream = new RecordStream({ tag, parser, maxFrame }, context)
  const take = (bytes: Uint8Array): Promise<void> | undefined => (stream.push(bytes) ? undefined : context.room())
  const { failure, cut } = await runCommand(words, { timeoutMs, clock: context.clock, signal, take })
  if (cut) stream.breakOff()
  else stream.end()
  if (failure === undefined) return
  context.count('failed_runs')
  context.log.warn('command failed', { reason: failure })
}
