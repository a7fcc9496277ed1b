import { isMainThread, parentPort } from 'node:worker_threads'

import type { FromWorker, ToWorker } from './messages.js'

/** The worker's end of what lies between it and the agent. */
export interface WorkerPort {
  /** What is transferred is gone here afterwards, and was not copied; a process has its messages copied. */
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void
  receive(take: (message: ToWorker) => void): void
  /** After what was sent: nothing holds the worker any more. */
  close(): void
}

export function workerPort(): WorkerPort {
  return isMainThread || !parentPort ? processPort() : threadPort(parentPort)
}

function threadPort(port: NonNullable<typeof parentPort>): WorkerPort {
  return {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    receive: (take) => void port.on('message', take),
    close: () => port.close(),
  }
}

/** Signals are the agent's to hear: it tells its workers to stop, who are in its group of processes. */
function processPort(): WorkerPort {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  let sending = 0
  let isClosing = false
  const sent = (): void => {
    sending--
    if (isClosing && sending === 0 && process.connected) process.disconnect()
  }
  return {
    send(message) {
      sending++
      process.send?.(message, undefined, undefined, sent)
    },
    receive: (take) => void process.on('message', (message) => take(message as ToWorker)),
    close() {
      isClosing = true
      sending++
      sent()
    },
  }
}
