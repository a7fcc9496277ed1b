import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'

const lowest = 10_000

/**
 * A TCP port of loopback that was free a moment ago, for programs that cannot choose one by themselves. It stays so but for bad
 * luck: it is below those that the kernel gives to sockets that ask for any, which the tests beside this one do all the time.
 */
export async function freePort(): Promise<number> {
  const end = lowestOfKernel()
  for (;;) {
    const wanted = end > 2 * lowest ? randomInt(lowest, end) : 0
    const port = await bound(wanted)
    if (port !== undefined) return port
  }
}

function lowestOfKernel(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10)
  } catch {
    return 0 // the kernel's choice has to do
  }
}

/** The port, released again; undefined where somebody has it. */
async function bound(wanted: number): Promise<number | undefined> {
  const server = createServer().listen(wanted, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return undefined
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whether something accepts connections on this port of loopback. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
