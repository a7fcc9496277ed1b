import type { Worker as Process } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { Worker as Thread } from 'node:worker_threads'

import { messageOf } from '../../plugin/errors.js'
import type { Sharing } from '../../plugin/define.js'
import type { FromWorker, ToWorker } from './messages.js'

/** The agent's end of what lies between it and one worker. */
export interface WorkerHandle {
  /** To a worker that has ended, nothing is sent. */
  send(message: ToWorker): void
  receive(take: (message: FromWorker) => void): void
  /** Resolves when there is no worker any more and all that it sent was received, with how it ended. */
  readonly gone: Promise<string>
  kill(): void
}

const program = new URL('program.js', import.meta.url)

export async function startWorker(by: Sharing['by']): Promise<WorkerHandle> {
  return by === 'threads' ? startThread() : startProcess()
}

async function startThread(): Promise<WorkerHandle> {
  const { Worker } = await import('node:worker_threads')
  const thread = new Worker(program)
  return {
    send: (message) => thread.postMessage(message, []),
    receive: (take) => void thread.on('message', take),
    gone: endOfThread(thread),
    kill: () => void thread.terminate(),
  }
}

/** An error may be told before what the thread had sent by then; its exit is told after that. */
export function endOfThread(thread: Pick<Thread, 'once'>): Promise<string> {
  return new Promise((resolve) => {
    let reason: string | undefined
    thread.once('error', (error) => (reason = messageOf(error)))
    thread.once('exit', (code) => resolve(reason ?? `its thread ended with ${code}`))
  })
}

/** Processes that listen on the same address share the socket by way of their parent: that is what a cluster is. */
async function startProcess(): Promise<WorkerHandle> {
  const { default: cluster } = await import('node:cluster')
  cluster.setupPrimary({ exec: fileURLToPath(program), args: [], serialization: 'advanced' })
  const worker = cluster.fork()
  return {
    send: (message) => void (worker.isConnected() && worker.send(message)),
    receive: (take) => void worker.on('message', take),
    gone: endOfProcess(worker),
    kill: () => void worker.process.kill('SIGKILL'),
  }
}

/**
 * What it had sent may come after its exit, and until then its cluster keeps its socket. One that could not be started has no exit.
 * That what is sent to one that is gone does not arrive is no error.
 */
function endOfProcess(worker: Process): Promise<string> {
  return new Promise((resolve) => {
    worker.once('exit', (code, signal) => {
      const end = (): void => resolve(`its process ended with ${signal ?? code}`)
      if (worker.isConnected()) worker.once('disconnect', end)
      else end()
    })
    worker.on('error', (error) => worker.process.pid === undefined && resolve(messageOf(error)))
  })
}
