import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { framingOf, type FramingOptions, streamParser } from 'sluice/framing'
import { type Input, type InputContext, jsonRecords, type Parser, readJson, RecordStream } from 'sluice/plugin'

export interface Settings extends FramingOptions {
  readonly tag: string
  readonly parser: string | undefined
  readonly buffer_size: number
}

/** What is read where no parser is named: objects, or pairs of a time and an object, one behind the other. */
const jsonValues: Parser = { framing: 'json', parse: (frame) => jsonRecords(readJson(frame)) }

/**
 * Reads a stream to its end, after which the input is done. While there is no room the stream is not read, so whoever writes to
 * it waits. `open` is called when the run starts: merely to look at standard input opens it.
 */
export function stdinInput(settings: Settings, context: InputContext, open: () => Readable): Input {
  const { tag, buffer_size: maxFrame } = settings
  const framing = framingOf(settings)
  const parserOf = (): Parser =>
    streamParser(settings.parser === undefined ? jsonValues : context.parser(settings.parser), framing)
  // A parser that does not fit is told of before anything is read.
  parserOf()
  return {
    async run(signal) {
      if (signal.aborted) return
      const parser = parserOf()
      await read(open(), new RecordStream({ tag, parser, maxFrame, framing }, context), context, signal)
    },
  }
}

/** When told to stop it leaves the stream as it is, paused: after a reload the next input reads on. A paused one keeps no process alive. */
async function read(source: Readable, stream: RecordStream, context: InputContext, signal: AbortSignal): Promise<void> {
  const wait = async (): Promise<void> => {
    source.pause()
    await context.room()
    if (!signal.aborted) source.resume()
  }
  const take = (bytes: Uint8Array): void => void (stream.push(bytes) || wait())
  source.on('data', take).resume()
  try {
    await finished(source, { signal, writable: false })
    stream.end()
  } catch (error) {
    stream.breakOff()
    if (!signal.aborted) throw error
  } finally {
    source.off('data', take).pause()
  }
}
