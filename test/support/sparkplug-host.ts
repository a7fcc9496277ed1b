import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import { type Lines, type Mosquitto } from './mosquitto.js'
import { peer } from './peers.js'

const { Payload, DataType } = proto.org.eclipse.tahu.protobuf

/** A message of an edge node as a host application understands it. */
export interface Told {
  /** Such as `NBIRTH` or `DDATA`. */
  readonly type: string
  readonly device: string | undefined
  readonly seq: number | undefined
  readonly metrics: readonly ToldMetric[]
}

export interface ToldMetric {
  readonly name: string
  readonly type: string
  readonly value: unknown
  readonly timestamp: number
  readonly isHistorical: boolean
}

interface Born {
  readonly name: string
  readonly type: string
}

/** A host application: another implementation of Sparkplug's payloads, and of MQTT, than ours. It knows aliases by births alone. */
export class SparkplugHost {
  readonly #broker: Mosquitto
  readonly #lines: Lines

  private constructor(broker: Mosquitto, lines: Lines) {
    this.#broker = broker
    this.#lines = lines
  }

  static async at(broker: Mosquitto): Promise<SparkplugHost> {
    return new SparkplugHost(broker, await broker.lines('spBv1.0/plant/#', '%t %x'))
  }

  /** All that was told so far. Fails where a data message has an alias that no birth gave. */
  get told(): Told[] {
    const born = new Map<string, Map<number, Born>>()
    // What the test itself says is nothing that an edge node told.
    const lines = this.#lines.received.filter((line) => !line.startsWith('spBv1.0/plant/NCMD/'))
    return lines.map((line) => {
      const [topic = '', hex = ''] = line.split(' ')
      const [, , type = '', , device] = topic.split('/')
      if (type === 'NBIRTH') born.clear()
      return understood(type, device, Buffer.from(hex, 'hex'), born)
    })
  }

  until(condition: (told: readonly Told[]) => boolean, what: string): Promise<void> {
    return this.#lines.until(() => condition(this.told), what)
  }

  /** Asks an edge node for its births. */
  askForRebirth(node: string): void {
    const rebirth = { name: 'Node Control/Rebirth', datatype: DataType.Boolean, booleanValue: true }
    const bytes = Payload.encode(Payload.create({ timestamp: 1, metrics: [rebirth] })).finish()
    this.publish(`spBv1.0/plant/NCMD/${node}`, bytes)
  }

  publish(topic: string, bytes: Uint8Array, ...more: string[]): void {
    const args = ['-p', String(this.#broker.port), '-t', topic, '-q', '1', '-s', ...more]
    const { status, stderr } = spawnSync(peer('mosquitto_pub').path, args, { input: bytes, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  }
}

function understood(
  type: string,
  device: string | undefined,
  bytes: Buffer,
  born: Map<string, Map<number, Born>>,
): Told {
  const payload = Payload.decode(bytes)
  const known = born.get(device ?? '') ?? new Map<number, Born>()
  if (type.endsWith('BIRTH')) known.clear()
  born.set(device ?? '', known)
  const metrics = payload.metrics.map((metric) => {
    const alias = Number(metric.alias ?? 0)
    const given = metric.name ? { name: metric.name, type: DataType[metric.datatype ?? 0] ?? '' } : known.get(alias)
    assert.ok(given, `${type}: no birth gave the alias ${alias}`)
    if (type.endsWith('BIRTH') && alias > 0) known.set(alias, given)
    return {
      ...given,
      value: metric.isNull ? null : valueOf(metric, given.type),
      timestamp: Number(metric.timestamp),
      isHistorical: metric.isHistorical === true,
    }
  })
  return { type, device, seq: Object.hasOwn(payload, 'seq') ? Number(payload.seq) : undefined, metrics }
}

function valueOf(metric: proto.org.eclipse.tahu.protobuf.Payload.IMetric, type: string): unknown {
  switch (type) {
    case 'Int64':
      return BigInt.asIntN(64, BigInt(String(metric.longValue)))
    case 'Double':
      return metric.doubleValue
    case 'Boolean':
      return metric.booleanValue
    case 'String':
      return metric.stringValue
    default:
      return metric.bytesValue && Buffer.from(metric.bytesValue).toString('hex')
  }
}
