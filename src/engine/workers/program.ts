/** The program of a worker: makes one input from what the agent sends, and runs it until it is told to stop. */

import { Counters } from '../../observe/counters.js'
import { systemClock } from '../../base/clock.js'
import type { CheckedInput, CheckedParser } from '../../config/pipeline.js'
import { messageOf } from '../../plugin/errors.js'
import { load } from '../../registry/registry.js'
import { pluginContext } from '../contexts.js'
import { type Formats, loadFormats } from '../formats.js'
import type { Room, SentParser, ToWorker, WorkerSetup } from './messages.js'
import { WorkerContext } from './worker-context.js'
import { workerPort } from './worker-port.js'

const port = workerPort()
const stop = new AbortController()
let context: WorkerContext | undefined

port.receive((message: ToWorker) => {
  switch (message.kind) {
    case 'setup':
      return void run(message.setup, message.room)
    case 'news':
      return context?.hear(message.news)
    case 'first':
      return context?.keys.hear(message.ask, false)
    case 'known':
      return context?.keys.hear(message.ask, true)
    case 'stop':
      return stop.abort()
  }
})
port.send({ kind: 'ready' })

async function run(setup: WorkerSetup, room: Room): Promise<void> {
  try {
    const plugin = await load('input', setup.plugin)
    const options = setup.options as CheckedInput['options']
    const made = new WorkerContext(
      setup.id,
      port,
      room,
      await formatsOf({ id: setup.id, plugin, options }, setup.parsers),
    )
    context = made
    await plugin.definition.create(options, made).run(stop.signal)
    end()
  } catch (error) {
    end(messageOf(error))
  }
}

function end(error?: string): void {
  context?.report()
  port.send({ kind: 'ended', error })
  port.close()
}

async function formatsOf(input: CheckedInput, sent: readonly SentParser[]): Promise<Formats> {
  const parsers: CheckedParser[] = []
  for (const parser of sent) parsers.push({ ...parser, codec: await load('codec', parser.codec) })
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet }
  const codecContext = pluginContext({ id: 'codec', clock: systemClock, log, counters: new Counters() })
  return loadFormats({ servers: [], inputs: [input], filters: [], outputs: [], parsers }, systemClock, codecContext)
}

/** What codecs have to say was said when the agent made its own. */
function quiet(): void {}
