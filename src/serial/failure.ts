import { AgentError, messageOf } from '../plugin/errors.js'

/** The device is not there: it was never plugged in, or it was taken away. */
export class AbsentError extends AgentError {}

/** A line that was open is gone: the device was unplugged, or took nothing any more. */
export class LostLineError extends AgentError {}

const absentCodes: readonly unknown[] = ['ENOENT', 'ENXIO', 'ENODEV', 'ENOTDIR']

/** What opening a device failed with, in words that say what to do. */
export function openFailure(path: string, cause: unknown): AgentError {
  const code = codeOf(cause)
  if (absentCodes.includes(code)) return new AbsentError('SERIAL_ABSENT', `${path}: no such device`, { cause })
  return new AgentError('SERIAL_OPEN', `${path}: cannot be opened: ${messageOf(cause)}${adviceOf(code)}`, { cause })
}

function adviceOf(code: unknown): string {
  if (code === 'EACCES' || code === 'EPERM') return '; add the user of the agent to the group dialout'
  return code === 'EBUSY' ? '; another program has it' : ''
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
