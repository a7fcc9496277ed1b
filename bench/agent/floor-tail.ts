/** The least that Node takes for tail → forward: reads the file in blocks and writes the bytes to a socket. */

import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { connect } from 'node:net'
import { pipeline } from 'node:stream/promises'

const [path = '', port = ''] = process.argv.slice(2)
const socket = connect(Number(port), '127.0.0.1')
await once(socket, 'connect')
await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), socket)
