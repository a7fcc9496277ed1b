import { type Input, type InputContext, RecordStream } from 'sluice/plugin'

export interface Settings {
  readonly tag: string
  readonly parser: string | undefined
  readonly buffer_size: number
}

/** Reads `source` to its end; while there is no room it is not read, so that whoever writes to it waits. */
export function stdinInput(
  settings: Settings,
  context: InputContext,
  source: NodeJS.ReadableStream = process.stdin,
): Input {
  const { tag, parser = 'json', buffer_size: maxFrame } = settings
  return {
    async run(signal) {
      const stream = new RecordStream({ tag, parser: context.parser(parser), maxFrame }, context)
      for await (const bytes of until(source, signal)) if (!stream.push(bytes)) await context.room()
      stream.end()
    },
  }
}

/** The bytes of a stream until it ends or the signal is aborted. */
async function* until(source: NodeJS.ReadableStream, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const { addAbortSignal } = await import('node:stream')
  try {
    yield* addAbortSignal(signal, source as import('node:stream').Readable)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
