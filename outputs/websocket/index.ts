import { bareHost, defineOutput, refuseUrlParts } from 'sluice/plugin'
import { createWebSocket } from './create.js'
import { webSocketOptions } from './options.js'

export default defineOutput({
  summary: 'Sends each batch as a message over a WebSocket, and waits until the server has read it.',
  options: webSocketOptions,
  ignored: {
    buffer_size: 'nothing that the server says is kept',
    idle_interval: '`ping_timeout` bounds how long the server may be silent',
    'net.io_timeout=0': '`ping_timeout` always bounds the wait',
    'net.io_timeout=0s': '`ping_timeout` always bounds the wait',
  },
  fromUrl(url) {
    refuseUrlParts(url, ['user', 'fragment'])
    const { hostname, port, pathname, search } = url
    return {
      host: bareHost(hostname),
      uri: `${pathname || '/'}${search}`,
      ...(port === '' ? {} : { port: Number(port) }),
    }
  },
  create: createWebSocket,
})
