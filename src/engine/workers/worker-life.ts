import type { Clock } from '../../base/clock.js'
import type { Log } from '../../observe/log.js'
import type { InputContext } from '../../plugin/context.js'
import type { Input, Sharing } from '../../plugin/define.js'
import { AgentError } from '../../plugin/errors.js'
import type { FromWorker, Line, WorkerSetup } from './messages.js'
import { WorkerDesk } from './worker-desk.js'
import { startWorker, type WorkerHandle } from './worker-handle.js'

export interface LifeParts {
  readonly by: Sharing['by']
  readonly setup: WorkerSetup
  readonly context: InputContext
  /** Where the lines of its instances go. */
  readonly lines: Pick<Log, 'write'>
  /** How many bytes one worker may hold besides what is counted. */
  readonly freeBytes: () => number
}

/** What a worker that was told to stop gets, which is more than any input takes. */
const stopMs = 10_000

/** One worker as an input: each run is a life, which fails where its worker ends before it was told to. */
export function workerInput(parts: LifeParts): Input {
  return { run: (signal) => live(parts, signal) }
}

async function live(parts: LifeParts, signal: AbortSignal): Promise<void> {
  const { by, context } = parts
  const worker = await startWorker(by)
  const desk = new WorkerDesk({ ...parts, send: (message) => worker.send(message) })
  const stop = (): void => stopWorker(worker, context.clock)
  try {
    const ended = endOf(worker, desk, parts)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    await ended
  } finally {
    signal.removeEventListener('abort', stop)
    desk.close()
  }
}

/** Resolves when the input of the worker has ended for good and its worker is gone. Rejects where it failed. */
async function endOf(worker: WorkerHandle, desk: WorkerDesk, { setup, context, lines }: LifeParts): Promise<void> {
  let end: Extract<FromWorker, { readonly kind: 'ended' }> | undefined
  worker.receive((message) => {
    if (message.kind === 'ended') end = message
    else hear(message, { worker, desk, setup, lines })
  })
  const how = await worker.gone
  if (end?.error !== undefined) throw new AgentError('ENGINE_WORKER_FAILED', end.error)
  if (end) return
  context.count('lost_workers')
  throw new AgentError('ENGINE_WORKER_LOST', `a worker is lost, with all that it had not said yes to: ${how}`)
}

interface Heard extends Pick<LifeParts, 'setup' | 'lines'> {
  readonly worker: WorkerHandle
  readonly desk: WorkerDesk
}

function hear(message: Exclude<FromWorker, { readonly kind: 'ended' }>, { worker, desk, setup, lines }: Heard): void {
  switch (message.kind) {
    case 'ready':
      return worker.send({ kind: 'setup', setup, room: desk.room })
    case 'turn':
      return desk.take(message.turn)
    case 'once':
      return desk.ask(message)
    case 'taken':
      return desk.taken(message.ask, message.error)
    case 'log':
      return write(lines, message.line)
  }
}

function write(lines: Pick<Log, 'write'>, { level, id, message, fields }: Line): void {
  lines.write(level, id, message, fields)
}

function stopWorker(worker: WorkerHandle, clock: Clock): void {
  const isGone = new AbortController()
  worker.send({ kind: 'stop' })
  void worker.gone.then(() => isGone.abort())
  void clock.sleep(stopMs, isGone.signal).then(() => worker.kill())
}
