import type { Socket } from 'node:net'

/** socketcand answers each command; it begins with a greeting. `behind` is sent with its last answer. */
export function answerAsSocketcand(socket: Socket, behind = ''): void {
  socket.write('< hi >')
  let heard = ''
  socket.on('data', (bytes) => {
    heard += String(bytes)
    if (/^< open \w+ >$/.test(heard)) socket.write('< ok >')
    if (/^< open \w+ >< rawmode >$/.test(heard)) socket.write(`< ok >${behind}`)
  })
}
