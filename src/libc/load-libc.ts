import { AgentError, messageOf } from '../plugin/errors.js'
import { declareCalls } from './declare-calls.js'
import type { Koffi } from './koffi.js'
import type { Libc } from './libc.js'

/**
 * The C library, by the npm package koffi, which is an optional dependency. Throws an AgentError `LIBC_MISSING` where that is not
 * installed or has nothing for this machine.
 */
export async function loadLibc(importKoffi: () => Promise<Koffi> = loadKoffi): Promise<Libc> {
  try {
    return declareCalls(await importKoffi())
  } catch (error) {
    throw new AgentError(
      'LIBC_MISSING',
      `koffi: expected the npm package that calls the C library, got "${messageOf(error)}"; run "npm install koffi@3"`,
      { cause: error },
    )
  }
}

async function loadKoffi(): Promise<Koffi> {
  const { default: koffi } = await import('koffi')
  return koffi
}
