/** The program of a worker: makes an input, or a server, of what the agent sends, and runs it until it is told to stop. */

import { messageOf } from '../../plugin/errors.js'
import type { Room, ToWorker, WorkerSetup } from './messages.js'
import { workOf } from './work.js'
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
    const { formats, make } = await workOf(setup, port)
    context = new WorkerContext(setup.id, port, room, formats)
    const input = await make(context)
    await input.run(stop.signal)
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
