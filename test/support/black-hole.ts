import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

const program = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)))
`

/** The backlog holds one connection more than its number, and one more may be half open. */
const waitingConnections = 4

/** A port that answers nobody: its process is halted and its queue is full, so the kernel drops every further SYN. */
export async function blackHole(t: TestContext): Promise<number> {
  const server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => server.kill('SIGKILL'))
  const [text] = (await once(server.stdout, 'data')) as [Buffer]
  server.kill('SIGSTOP')
  const port = Number(text)
  const waiting = Array.from({ length: waitingConnections }, () => fill(port))
  t.after(() => waiting.forEach((socket) => socket.destroy()))
  await once(waiting[0] ?? server, 'connect')
  return port
}

function fill(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {}) // it ends with the server
}
