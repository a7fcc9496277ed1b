import { once } from 'node:events'
import { connect } from 'node:net'

/** All that a server answers to a GET of a target that no client would send as it is. */
export function rawAnswer(port: number, target: string, headers = ''): Promise<string> {
  return rawExchange(port, `GET ${target} HTTP/1.1\r\nHost: host\r\nConnection: close\r\n${headers}\r\n`)
}

/** Sends bytes as they are, and gives all that came back until the server hung up. */
export async function rawExchange(port: number, request: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (part: string) => (answer += part))
  socket.write(request)
  await once(socket, 'close')
  return answer
}
