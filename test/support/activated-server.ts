/** A program that serves on the sockets which systemd hands over: its arguments are their names. Ends with SIGTERM. */

import { systemClock } from '../../src/base/clock.js'
import { serveHttp, type Stage } from '../../src/http/index.js'
import { parseListen } from '../../src/net/listen-address.js'
import { defaultLimits } from './http-server.js'
import { RecordingInputContext } from './input-context.js'

const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
const stage: Stage = { handle: (exchange) => exchange.reply(200, exchange.connection.listener) }
await serveHttp(
  {
    listen: process.argv.slice(2).map((name) => parseListen(`systemd:${name}`, 0)),
    limits: defaultLimits,
    stages: [{ id: 'where', stage }],
  },
  new RecordingInputContext(systemClock),
  stop.signal,
)
