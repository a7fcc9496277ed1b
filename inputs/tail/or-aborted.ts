/** Resolves with the promise, or as soon as the signal is aborted. */
export async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  let aborted = (): void => undefined
  const abort = new Promise<void>((resolve) => {
    aborted = resolve
    signal.addEventListener('abort', aborted, { once: true })
  })
  await Promise.race([promise, abort]).finally(() => signal.removeEventListener('abort', aborted))
}
