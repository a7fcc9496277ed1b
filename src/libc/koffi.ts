/** What is used of the npm package koffi. */
export interface Koffi {
  load(path: null): {
    func(definition: string): (...values: readonly unknown[]) => unknown
  }
  errno(): number
  address(memory: ArrayBuffer): bigint
  readonly node: {
    poll(descriptor: number, wanted: { readonly readable: boolean }, ready: () => void): PollHandle
  }
}

/** A handle of Node's event loop (libuv, uv_poll_t): `start` and `stop` may be called over and over. */
export interface PollHandle {
  start(wanted: { readonly readable: boolean }, ready: () => void): void
  stop(): void
  close(): void
}
