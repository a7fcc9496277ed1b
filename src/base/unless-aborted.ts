/** The promise's outcome; rejects with the signal's reason as soon as that is aborted, whatever becomes of the promise. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let fail = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    fail = () => reject(signal.reason as Error)
  })
  if (signal.aborted) fail()
  signal.addEventListener('abort', fail, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', fail)
  }
}
