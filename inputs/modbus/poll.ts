import { type Answer, type Block, exceptionName, isUnreachable, type ModbusClient } from 'sluice/modbus'
import type { EventRecord, InputContext, Value } from 'sluice/plugin'
import type { Device } from './device.js'
import type { ValuePlace } from './value-place.js'

export interface PollSettings {
  readonly tag: string
  readonly errors: boolean
  readonly max_backoff: number
}

/** A device and how it fared. */
interface Asked {
  readonly device: Device
  due: number
  /** The last reading ended without an answer. */
  isSilent: boolean
  /** Readings in a row without an answer. */
  silent: number
  /** Why the last reading was not whole. */
  trouble: string
}

type Failure = Exclude<Answer, { kind: 'data' }>

/** Asks the devices of a line by turns, each when its time has come. */
export class Poll {
  readonly #asked: readonly Asked[]
  readonly #settings: PollSettings
  readonly #context: InputContext

  /** Devices are asked at once when `run` begins. */
  constructor(devices: readonly Device[], settings: PollSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    const due = context.clock.monotonic()
    this.#asked = devices.map((device) => ({ device, due, isSilent: false, silent: 0, trouble: '' }))
  }

  /** Until the signal is aborted. Throws what the client throws when the line is gone; it may be called again with another. */
  async run(client: ModbusClient, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    while (!signal.aborted) {
      const next = this.#asked.reduce((first, other) => (other.due < first.due ? other : first))
      const waitMs = next.due - clock.monotonic()
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      else await this.#turn(client, next)
    }
  }

  /** One reading of one device. */
  async #turn(client: ModbusClient, asked: Asked): Promise<void> {
    const values: { [name: string]: Value } = {}
    const troubles = new Set<string>()
    asked.isSilent = false
    for (const block of asked.device.blocks) {
      const answer = await this.#read(client, asked, block)
      if (answer.kind === 'data') {
        for (const place of block.places) Object.assign(values, place.read(answer.data, block.start))
        continue
      }
      troubles.add(this.#failed(asked.device, block, answer))
      asked.isSilent = isSilence(answer)
      if (asked.isSilent) break
    }
    this.#after(asked, [...troubles].join(', '))
    await this.#tell(asked.device, values)
  }

  /** Whoever was silent is asked once: it costs the others one time-out. */
  #read(client: ModbusClient, { device, silent }: Asked, { table, start, count }: Block<ValuePlace>): Promise<Answer> {
    const { unit, timeoutMs, retries } = device
    return client.read({ unit, table, start, count }, { timeoutMs, retries: silent > 0 ? 0 : retries })
  }

  /** Counts it, and tells what it was. */
  #failed({ name }: Device, { table, start, count }: Block<ValuePlace>, answer: Failure): string {
    const error = answer.kind === 'exception' ? exceptionName(answer.code) : answer.kind
    const { tag, errors } = this.#settings
    this.#context.count(counters[answer.kind])
    if (!errors) return error
    const code = answer.kind === 'exception' ? { code: answer.code } : {}
    this.#context.emit(`${tag}.errors`, { device: name, error, ...code, table, address: start, count })
    return error
  }

  /** When it is asked next, by how it fared; a change is logged. */
  #after(asked: Asked, trouble: string): void {
    const { device } = asked
    asked.silent = asked.isSilent ? asked.silent + 1 : 0
    asked.due = this.#nextDue(asked)
    if (trouble === asked.trouble) return
    asked.trouble = trouble
    if (trouble === '') this.#context.log.info('device answers again', { device: device.name })
    else this.#context.log.warn('device cannot be read', { device: device.name, unit_id: device.unit, reason: trouble })
  }

  #nextDue({ device: { intervalMs }, due, silent }: Asked): number {
    const now = this.#context.clock.monotonic()
    const { max_backoff: most } = this.#settings
    if (silent > 0) return now + Math.max(intervalMs, Math.min(intervalMs * 2 ** silent, most))
    const missed = Math.max(0, Math.ceil((now - due - intervalMs) / intervalMs))
    if (missed > 0) this.#context.count('late_readings', missed)
    return due + intervalMs * (missed + 1)
  }

  /** What could be read; nothing where nothing could. */
  async #tell({ name }: Device, values: EventRecord): Promise<void> {
    if (Object.keys(values).length === 0) return
    if (!this.#context.emit(this.#settings.tag, { device: name, ...values })) await this.#context.room()
  }
}

const counters = { silent: 'timeouts', garbled: 'garbled_answers', exception: 'exceptions' } as const

function isSilence(answer: Failure): boolean {
  return answer.kind !== 'exception' || isUnreachable(answer.code)
}
