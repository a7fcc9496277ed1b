/**
 * Publishes 240-byte JSON over several connections as fast as it is taken: node mqtt-load.js PORT QOS CONNECTIONS WINDOW MESSAGES. With
 * QoS 1, WINDOW messages of each connection wait for their acknowledgement at most. Prints how long it took in milliseconds.
 */

import { connect, type Socket } from 'node:net'

const [port = 0, qos = 0, connections = 1, window = 1, messages = 0] = process.argv.slice(2).map(Number)
const record = { device: 'gateway-17', temperature: 21.53, humidity: 48, ok: true, position: { lat: 41.38, lon: 2.17 } }
const base = JSON.stringify({ ...record, note: '' })
const payload = Buffer.from(JSON.stringify({ ...record, note: 'x'.repeat(240 - base.length) }))

function packet(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]
  return Buffer.concat([Buffer.of(first, ...length), body])
}

const text = (value: string): Buffer => Buffer.concat([Buffer.of(0, value.length), Buffer.from(value)])

/** One client; resolves when all of its messages were acknowledged, or with QoS 0 taken by the kernel. */
function client(index: number, count: number): Promise<void> {
  const head = text(`fleet/car-${index}/engine`)
  const id = qos > 0 ? Buffer.of(0, 1) : Buffer.of()
  const publish = packet(0x30 | (qos << 1), head, id, payload)
  const socket = connect(port, '127.0.0.1')
  socket.write(packet(0x10, text('MQTT'), Buffer.of(4, 2, 0, 0), text(`car-${index}`)))
  return qos === 0 ? streamed(socket, publish, count) : windowed(socket, publish, count)
}

function windowed(socket: Socket, publish: Buffer, count: number): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0
    let acked = -1 // the CONNACK is as long as a PUBACK
    let bytes = 0
    const send = (): void => {
      const due = Math.min(count, acked + window) - sent
      if (due <= 0) return
      sent += due
      socket.write(Buffer.concat(Array.from({ length: due }, () => publish)))
    }
    socket.on('data', (read) => {
      bytes += read.length
      acked = Math.floor(bytes / 4) - 1
      if (acked < count) return send()
      socket.end()
      resolve()
    })
  })
}

function streamed(socket: Socket, publish: Buffer, count: number): Promise<void> {
  const block = Buffer.concat(Array.from({ length: 100 }, () => publish))
  let sent = 0
  return new Promise((resolve) => {
    const send = (): void => {
      while (sent < count) {
        sent += 100
        if (!socket.write(block)) return void socket.once('drain', send)
      }
      // Its answer comes when all before it was read.
      socket.on('data', (read) => {
        if (!read.includes(0xd0)) return
        socket.end()
        resolve()
      })
      socket.write(Buffer.of(0xc0, 0))
    }
    send()
  })
}

const startedAt = performance.now()
await Promise.all(Array.from({ length: connections }, (_none, index) => client(index, messages / connections)))
console.log(performance.now() - startedAt)
