import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'

import type { Clock } from '../../base/clock.js'
import { type Libc, LibcError, loadLibc } from '../../libc/index.js'
import { AgentError, messageOf } from '../../plugin/errors.js'
import { unixAddress, unixFamily } from './unix-address.js'

/** Sends one message of sd_notify(3); rejects where nobody can have got it. */
export type Send = (message: string) => Promise<void>

/** socket(2): SOCK_DGRAM. */
const datagrams = 2

/** A receiver whose queue is full is asked again, this often and for so long. */
const [fullMs, fullTries] = [100, 50]

/**
 * A way to the socket that `NOTIFY_SOCKET` names. Node has no datagrams of unix sockets: they go by the C library, or where koffi has
 * nothing for this machine by the program systemd-notify. Throws an AgentError `SYSTEMD_SOCKET`.
 */
export async function openNotifySocket(
  name: string,
  clock: Clock,
  load: () => Promise<Libc> = loadLibc,
): Promise<Send> {
  const address = unixAddress(name)
  const libc = await load().catch((error: unknown) => messageOf(error))
  if (typeof libc === 'string') return (message) => sendByProgram(name, message, libc)
  return (message) => sendPatiently(libc, address, message, clock)
}

async function sendPatiently(libc: Libc, address: Uint8Array, message: string, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return send(libc, address, message)
    } catch (error) {
      if (!(error instanceof LibcError) || error.errno !== constants.errno.EAGAIN || tries === fullTries) throw error
      await clock.sleep(fullMs)
    }
  }
}

/** With a socket of its own for each, as sd_notify(3) does: the service manager may have begun anew meanwhile. */
function send(libc: Libc, address: Uint8Array, message: string): void {
  const descriptor = libc.socket(unixFamily, datagrams, 0)
  try {
    libc.connect(descriptor, address)
    libc.write(descriptor, Buffer.from(message))
  } finally {
    libc.close(descriptor)
  }
}

async function sendByProgram(name: string, message: string, missing: string): Promise<void> {
  const env = { ...process.env, NOTIFY_SOCKET: name }
  const program = spawn('systemd-notify', ['--no-block', ...message.trimEnd().split('\n')], { env, stdio: 'ignore' })
  const ended = await once(program, 'exit').then(([code]) => `exit code ${code}`, messageOf)
  if (ended === 'exit code 0') return
  throw new AgentError('SYSTEMD_NOTIFY', `systemd-notify: expected it to send a message, got ${ended}; and ${missing}`)
}
