/** Resolves when the signal is aborted, rejects as soon as what was begun fails, be it before it is ready or after. */
export async function untilStopped(
  signal: AbortSignal,
  begin: (failed: (error: Error) => void) => Promise<void>,
): Promise<void> {
  let stop = (): void => undefined
  try {
    await new Promise<void>((resolve, reject) => {
      stop = resolve
      signal.addEventListener('abort', stop, { once: true })
      begin(reject).catch(reject)
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
