import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Resolves once nothing waits to be acknowledged on a connection and its keepalive timer runs. */
export async function keptAlive(socket: Socket): Promise<void> {
  while (!isKeptAlive(socket)) await new Promise((resolve) => setImmediate(resolve))
}

/** Whether the kernel has a keepalive timer for a connection (proc(5): `tr` of /proc/net/tcp is 02). */
function isKeptAlive({ localPort = 0, remotePort = 0 }: Socket): boolean {
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  const cells = rows.map((row) => row.trim().split(/\s+/))
  // By both ends: an old connection to another server may have the same port of ours.
  const own = cells.find(([, from, to]) => from?.endsWith(hexOf(localPort)) && to?.endsWith(hexOf(remotePort)))
  return (own ?? assert.fail('no such connection'))[5]?.startsWith('02:') ?? false
}

function hexOf(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
