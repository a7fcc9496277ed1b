/** What the process ends with; 64, 75 and 78 are those of sysexits.h. */
export const exitCodes = {
  /** Stopped as told, and everything was delivered or dropped for a stated reason. */
  ok: 0,
  /** Failed for a reason that the last line says. */
  failed: 1,
  /** The command line is wrong. */
  usage: 64,
  /** Stopped as told, but events that no disk has were left undelivered when the grace ended. */
  undelivered: 75,
  /** The configuration is wrong. */
  config: 78,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
