import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

export const gatewayId = '24e124fffef01234'

/** Keys and address of the device that sent `frames`. */
export const session = {
  dev_addr: '49be7df1',
  nwk_s_key: '44024241ed4ce9a68c6a8bc055233fd3',
  app_s_key: 'ec925802ae430ca77fd3dd73cb2cc588',
} as const

/** Frames that lora-packet 0.9.3, an independent implementation, made with these keys; the first stands in its README. */
export const frames = {
  test: '40f17dbe4900020001954378762b11ff0d',
  long: '80f17dbe49e23412030763191dd5ec414c374baf2c73006bddbfa263e8ed0250d89e3fe4cc7c6a074138b01ac4eb088e34142b871b2813',
  commands: '40f17dbe4900070000bee2ba4b8f4c',
  /** FCnt 65535, and 65537, of which 1 is sent. */
  last: '40f17dbe4900ffff020824bfe07ac4969d',
  rolled: '40f17dbe490001000273f98c51fdf713101882',
  /** This one is ours. */
  join: '00080706050403020118171615141312113412aabbccdd',
  down: '60f17dbe49300500035ac015f17a0db497',
} as const

/** A datagram of a packet forwarder. */
export function datagramOf(identifier: number, body?: unknown, version = 2, gateway = gatewayId): Buffer {
  const head = Buffer.from([version, 0xab, 0xcd, identifier])
  const json = body === undefined ? '' : JSON.stringify(body)
  return Buffer.concat([head, Buffer.from(gateway, 'hex'), Buffer.from(json)])
}

/** A packet as the example of the protocol's description has it, with these bytes in it. */
export function packetOf(hex: string, more: object = {}): { readonly [field: string]: unknown } {
  const data = Buffer.from(hex, 'hex').toString('base64')
  const radio = { tmst: 3_512_348_611, chan: 2, rfch: 0, freq: 866.349812, stat: 1, modu: 'LORA', datr: 'SF7BW125' }
  return { time: '2026-11-26T10:00:00.123456Z', ...radio, codr: '4/6', rssi: -35, lsnr: 5.1, size: 32, data, ...more }
}

/** A gateway that is connected to a port of this machine. */
export async function gatewayAt(t: TestContext, port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
