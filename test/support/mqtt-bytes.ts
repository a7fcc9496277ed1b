/** Packets of MQTT by hand, so that no writer of ours is tested against its own reader. */

const text = (value: string): number[] => {
  const bytes = Buffer.from(value)
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes]
}

export function packet(first: number, ...body: readonly number[]): Buffer {
  const length: number[] = []
  let rest = body.length
  do {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    rest >>= 7
  } while (rest > 0)
  return Buffer.from([first, ...length, ...body])
}

export interface ConnectParts {
  readonly version?: 4 | 5
  readonly id?: string
  readonly clean?: boolean
  readonly keepAlive?: number
  readonly user?: string
  readonly password?: string
  readonly will?: { readonly topic: string; readonly payload: string; readonly delay?: number }
  /** Bytes of properties without their length. */
  readonly properties?: readonly number[]
}

/** A CONNECT (MQTT 5.0, section 3.1). */
export function connect(parts: ConnectParts = {}): Buffer {
  const { version = 4, id = 'device', keepAlive = 0, user, password, will } = parts
  const login = [user, password].flatMap((each) => (each === undefined ? [] : text(each)))
  const flags = flagsOf(parts)
  const head = [...text('MQTT'), version, flags, keepAlive >> 8, keepAlive & 0xff]
  return packet(0x10, ...head, ...propertiesOf(parts), ...text(id), ...(will ? willOf(will, version) : []), ...login)
}

function flagsOf({ clean = true, user, password, will }: ConnectParts): number {
  const login = (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40)
  return login | (clean ? 2 : 0) | (will ? 4 : 0)
}

function propertiesOf({ version = 4, properties = [] }: Pick<ConnectParts, 'version' | 'properties'>): number[] {
  return version === 5 ? [properties.length, ...properties] : []
}

function willOf({ topic, payload, delay = 0 }: NonNullable<ConnectParts['will']>, version: 4 | 5): number[] {
  const properties = version === 5 ? [5, 0x18, 0, 0, delay >> 8, delay & 0xff] : []
  return [...properties, ...text(topic), ...text(payload)]
}

export interface PublishParts {
  readonly version?: 4 | 5
  readonly topic?: string
  readonly payload?: string | Uint8Array
  readonly qos?: number
  readonly id?: number
  readonly dup?: boolean
  readonly retain?: boolean
  readonly properties?: readonly number[]
}

/** A PUBLISH (MQTT 5.0, section 3.3). */
export function publish(parts: PublishParts = {}): Buffer {
  const { topic = 'a/b', payload = '{"x":1}', qos = 0, id = 1 } = parts
  const packetId = qos > 0 ? [id >> 8, id & 0xff] : []
  const first = 0x30 | (parts.dup ? 8 : 0) | (qos << 1) | (parts.retain ? 1 : 0)
  return packet(first, ...text(topic), ...packetId, ...propertiesOf(parts), ...Buffer.from(payload))
}

export const pubrel = (id: number): Buffer => packet(0x62, id >> 8, id & 0xff)
export const subscribe = (version: 4 | 5): Buffer =>
  packet(0x82, 0, 7, ...(version === 5 ? [0] : []), ...text('a/#'), 1, ...text('b'), 0)
export const disconnect = packet(0xe0)
