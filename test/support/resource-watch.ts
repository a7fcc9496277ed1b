import { createHook } from 'node:async_hooks'

/** What Node calls the handles and requests of the outside world; in-memory work has other names. */
const outside = /^(TCP|UDP|UDPSEND|PIPE|TTY|PROCESS|GETADDRINFO|FS|FILEHANDLE|STATWATCHER|SIGNAL|HTTP|TLS|WORKER)/

/** Runs `work` and answers the kinds of handles and requests to files, sockets and processes that it made. */
export async function outsideTouchedBy(work: () => unknown): Promise<string[]> {
  const touched = new Set<string>()
  const hook = createHook({
    init: (_id, type) => {
      if (outside.test(type)) touched.add(type)
    },
  })
  hook.enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return [...touched]
}
