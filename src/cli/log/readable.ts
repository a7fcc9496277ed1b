import { ownOf } from '../../base/own.js'
import { AgentError, messageOf } from '../../plugin/errors.js'

const advices: { readonly [code: string]: string } = {
  EACCES: '; run it as root or as the user of the agent',
  ENOTDIR: '; -b takes a folder, -c a file',
}

/** The same work, whose errors of the system say what to do about them. */
export async function readable<T>(command: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const advice = 'code' in error ? ownOf(advices, String(error.code)) : undefined
    throw new AgentError('CLI_LOG_UNREADABLE', `${command}: ${messageOf(error)}${advice ?? ''}`, { cause: error })
  }
}
