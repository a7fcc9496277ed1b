import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Resolves once the loop has asked the kernel for news: that a connection has ended is heard of by then. The first turn may come
 * before the loop asks, the second one cannot.
 */
export async function polled(): Promise<void> {
  await nextTurn()
  await nextTurn()
}
