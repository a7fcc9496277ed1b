// Connects to each port that a line of its input names, by a name that only its own table of hosts has, and says to which address.
import { createInterface } from 'node:readline'
import { connect } from '../../src/net/connect.js'
import { messageOf } from '../../src/plugin/errors.js'

const [host = ''] = process.argv.slice(2)
const signal = new AbortController().signal

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { port, timeoutMs, secure } = JSON.parse(line) as NameRequest
  try {
    const tls = secure ? { rejectUnauthorized: false } : undefined
    const socket = await connect({ host, port }, { timeoutMs, signal, tls })
    process.stdout.write(`${socket.remoteAddress}\n`)
    socket.destroy()
  } catch (error) {
    process.stdout.write(`${messageOf(error)}\n`)
  }
}

export interface NameRequest {
  readonly port: number
  readonly timeoutMs: number
  readonly secure?: boolean
}
