import { fileURLToPath } from 'node:url'

import { messageOf } from '../../plugin/errors.js'
import type { Sharing } from '../../plugin/define.js'
import type { FromWorker, ToWorker } from './messages.js'

/** The agent's end of what lies between it and one worker. */
export interface WorkerHandle {
  /** To a worker that has ended, nothing is sent. */
  send(message: ToWorker): void
  receive(take: (message: FromWorker) => void): void
  /** Resolves when there is no worker any more, with how it ended. */
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
    gone: new Promise((resolve) => {
      thread.once('error', (error) => resolve(messageOf(error)))
      thread.once('exit', (code) => resolve(`its thread ended with ${code}`))
    }),
    kill: () => void thread.terminate(),
  }
}

/** Processes that listen on the same address share the socket by way of their parent: that is what a cluster is. */
async function startProcess(): Promise<WorkerHandle> {
  const { default: cluster } = await import('node:cluster')
  cluster.setupPrimary({ exec: fileURLToPath(program), args: [], serialization: 'advanced' })
  const worker = cluster.fork()
  worker.on('error', () => undefined) // to send to one that is gone is none: that it is gone is told
  return {
    send: (message) => void (worker.isConnected() && worker.send(message)),
    receive: (take) => void worker.on('message', take),
    gone: new Promise((resolve) =>
      worker.once('exit', (code, signal) => resolve(`its process ended with ${signal ?? code}`)),
    ),
    kill: () => void worker.process.kill('SIGKILL'),
  }
}
