import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A PUBLISH as it came, read by hand so that no library's view of MQTT is tested against itself. */
export interface Publish {
  readonly topic: string
  readonly payload: string
  readonly packetId: number
  readonly qos: number
  readonly isDuplicate: boolean
  readonly socket: Socket
}

type Bytes = readonly number[]

/** A broker that answers what a test tells it, in MQTT 3.1.1 and 5. By default it lets everyone in and acknowledges everything. */
export class ScriptedBroker {
  readonly published: Publish[] = []
  /** The CONNECT packets, whole. */
  readonly connects: Buffer[] = []
  /** The packet identifiers of the PUBRELs. */
  readonly released: number[] = []
  disconnects = 0
  /** The CONNACK after its fixed header; nothing for no answer. */
  connack: ((version: number) => Bytes) | undefined = (version) => (version === 5 ? [0, 0, 0] : [0, 0])
  /** Called with each PUBLISH, after it was noted. */
  answer: (publish: Publish) => void = (publish) => acknowledge(publish)
  /** Called with each PUBREL, after it was noted. */
  release: (packetId: number, socket: Socket) => void = (packetId, socket) => void socket.write(short(0x70, packetId))
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #watching: (() => void)[] = []

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy())
      this.#read(socket)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  /** Sends bytes to every client. */
  send(...bytes: Bytes): void {
    for (const socket of this.#sockets) socket.write(Buffer.from(bytes))
  }

  /** Ends every connection. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves once the condition holds; it is looked at after each packet and each end of a connection. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watching.push(resolve))
  }

  #read(socket: Socket): void {
    let held = Buffer.alloc(0)
    let version = 4
    socket.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes])
      for (let packet = packetIn(held); packet; packet = packetIn(held)) {
        held = held.subarray(packet.end)
        if (packet.type === 1) version = packet.body[6] ?? 0
        this.#take(packet, version, socket)
      }
      for (const resolve of this.#watching.splice(0)) resolve()
    })
  }

  #take({ type, flags, body }: Packet, version: number, socket: Socket): void {
    if (type === 1) {
      this.connects.push(body)
      const answer = this.connack?.(version)
      if (answer) socket.write(Buffer.from([0x20, answer.length, ...answer]))
    } else if (type === 3) {
      const publish = readPublish(body, flags, version, socket)
      this.published.push(publish)
      this.answer(publish)
    } else if (type === 6) {
      this.released.push(body.readUInt16BE(0))
      this.release(body.readUInt16BE(0), socket)
    } else if (type === 12) socket.write(Buffer.of(0xd0, 0))
    else if (type === 14) this.disconnects++
  }
}

/**
 * A PUBACK (MQTT 5.0, section 3.4), or with QoS 2 a PUBREC (section 3.5); MQTT 3.1.1 knows them without a reason code only.
 */
export function acknowledge({ packetId, qos, socket }: Publish, reasonCode?: number): void {
  if (qos === 0) return
  socket.write(short(qos === 1 ? 0x40 : 0x50, packetId, ...(reasonCode === undefined ? [] : [reasonCode])))
}

function short(type: number, packetId: number, ...more: Bytes): Buffer {
  return Buffer.of(type, 2 + more.length, packetId >> 8, packetId & 0xff, ...more)
}

interface Packet {
  readonly type: number
  readonly flags: number
  readonly body: Buffer
  readonly end: number
}

/** The packet that begins the bytes, if it is there whole (MQTT 5.0, section 2.1). */
function packetIn(bytes: Buffer): Packet | undefined {
  let length = 0
  for (let at = 1; at < bytes.length && at < 5; at++) {
    const byte = bytes[at] ?? 0
    length += (byte & 0x7f) * 128 ** (at - 1)
    if (byte >= 0x80) continue
    const end = at + 1 + length
    const first = bytes[0] ?? 0
    return end > bytes.length
      ? undefined
      : { type: first >> 4, flags: first & 15, body: bytes.subarray(at + 1, end), end }
  }
  return undefined
}

/** MQTT 5.0, section 3.3; the properties are stepped over. */
function readPublish(body: Buffer, flags: number, version: number, socket: Socket): Publish {
  const topicEnd = 2 + body.readUInt16BE(0)
  const qos = (flags >> 1) & 3
  const start = topicEnd + (qos === 0 ? 0 : 2)
  return {
    topic: body.toString('utf8', 2, topicEnd),
    payload: body.toString('utf8', start + (version === 5 ? propertyBytes(body, start) : 0)),
    packetId: qos === 0 ? 0 : body.readUInt16BE(topicEnd),
    qos,
    isDuplicate: (flags & 8) !== 0,
    socket,
  }
}

/** How long the properties are with their length before them, which has seven bits in a byte (section 1.5.5). */
function propertyBytes(body: Buffer, start: number): number {
  let length = 0
  for (let at = 0; at < 4; at++) {
    const byte = body[start + at] ?? 0
    length += (byte & 0x7f) * 128 ** at
    if (byte < 0x80) return at + 1 + length
  }
  return 0
}
