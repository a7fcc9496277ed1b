/** Hears of the turns in the life of an agent, to tell them to whatever started the process. Each call returns at once. */
export interface Supervisor {
  /** It runs, or runs again: what is to listen does so by now, or has failed to. `status` is a line for people. */
  running(status: string): void
  /** It reads its configuration again; `running` follows, whatever comes of that. */
  reloading(): void
  stopping(): void
}
