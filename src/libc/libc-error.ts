import { constants } from 'node:os'

import { AgentError } from '../plugin/errors.js'

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]))

/** A call that failed: the message is the library's own. `reason` is the name of the error, such as `ENETDOWN`. */
export class LibcError extends AgentError {
  readonly errno: number
  readonly reason: string

  constructor(call: string, errno: number, text: string) {
    const reason = names.get(errno) ?? String(errno)
    super('LIBC_FAILED', `${call}: ${text.toLowerCase()} (${reason})`)
    this.errno = errno
    this.reason = reason
  }
}
