import {
  type EventRecord,
  type InputContext,
  isRecord,
  messageOf,
  type Parser,
  RecentMap,
  type Value,
} from 'sluice/plugin'
import type { Device, Opened } from './device.js'
import { devicesOf } from './devices.js'
import { frameFields } from './frame-fields.js'
import type { LorawanOptions } from './options.js'
import { type DataFrame, type PhyPayload, readPhyPayload } from './phy-payload.js'
import { packetFields } from './radio-fields.js'

const mostFrames = 10_000
/** Base64 of the longest frame that LoRa can send, 255 bytes. */
const longestData = 340

/** Packets of gateways to records; what is dropped is told to the context. */
export class Packets {
  readonly #options: LorawanOptions
  readonly #context: InputContext
  readonly #devices: ReadonlyMap<string, Device>
  readonly #parser: Parser | undefined
  /** When each frame was heard first, in milliseconds. */
  readonly #heard = new RecentMap<string, number>(mostFrames)

  constructor(options: LorawanOptions, context: InputContext) {
    this.#options = options
    this.#context = context
    this.#devices = devicesOf(options.devices, context)
    this.#parser = options.parser === undefined ? undefined : context.parser(options.parser)
  }

  /** The records of one `rxpk`, seldom more than one. */
  recordsOf(packet: Value, gateway: string): readonly EventRecord[] {
    const data = isRecord(packet) ? packet['data'] : undefined
    if (!isRecord(packet) || typeof data !== 'string' || data.length > longestData) return this.#drop('invalid')
    if (packet['stat'] === -1) return this.#drop('bad_crc')
    return this.#frameRecords(Buffer.from(data, 'base64'), { gateway, ...packetFields(packet) })
  }

  #frameRecords(bytes: Buffer, fields: EventRecord): readonly EventRecord[] {
    const frame = readPhyPayload(bytes)
    if (frame?.kind === 'data') return this.#dataRecords(frame, fields)
    if (this.#options.only_devices) return this.#drop('unknown_device')
    if (frame?.kind === 'join_request')
      return this.#isRepeated(frame) ? this.#drop('duplicate') : [{ ...fields, ...frameFields(frame) }]
    return [{ ...fields, ...(frame && frameFields(frame)), data: ownBytes(bytes) }]
  }

  #dataRecords(frame: DataFrame, fields: EventRecord): readonly EventRecord[] {
    const device = this.#devices.get(frame.devAddr)
    if (!device && this.#options.only_devices) return this.#drop('unknown_device')
    const opened = device?.open(frame)
    if (device && !opened) return this.#drop('bad_mic')
    if (this.#isRepeated(frame)) return this.#drop('duplicate')
    const known = opened ? { f_cnt: opened.counter } : {}
    const named = device?.name === undefined ? {} : { device: device.name }
    const whole = { ...fields, ...frameFields(frame), ...known, ...named }
    return this.#payloads(frame, opened, device).map((payload) => ({ ...whole, ...payload }))
  }

  /** Payloads that cannot be decrypted are given as they are. Port 0 has commands, which no parser knows. */
  #payloads(frame: DataFrame, opened: Opened | undefined, device: Device | undefined): readonly EventRecord[] {
    if (frame.payload.length === 0) return [{}]
    if (!opened?.payload) return [{ encrypted_payload: ownBytes(frame.payload) }]
    const parser = frame.port === 0 ? undefined : (device?.parser ?? this.#parser)
    return (parser && this.#parsed(opened.payload, parser)) ?? [{ payload: ownBytes(opened.payload) }]
  }

  #parsed(payload: Buffer, parser: Parser): readonly EventRecord[] | undefined {
    try {
      return Array.from(parser.parse(payload), ({ record }) => ({ payload: record }))
    } catch (error) {
      this.#context.count('invalid_payloads')
      this.#context.log.warn('a payload cannot be parsed', { reason: messageOf(error) })
      return undefined
    }
  }

  /** Whether another gateway heard it not long ago: frames that are alike in their MIC are. */
  #isRepeated(frame: Exclude<PhyPayload, { readonly kind: 'other' }>): boolean {
    const windowMs = this.#options.deduplicate
    if (windowMs === 0) return false
    const now = this.#context.clock.monotonic()
    const sender = frame.kind === 'data' ? `${frame.devAddr}.${frame.counter}` : frame.devEui
    const key = `${sender}.${frame.mic.toString('hex')}`
    const heard = this.#heard.get(key)
    if (heard !== undefined && now - heard < windowMs) return true
    this.#heard.set(key, now)
    return false
  }

  #drop(reason: string): readonly [] {
    this.#context.drop(reason, 1)
    return []
  }
}

function ownBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes)
}
