import { AgentError, type Parser, type StateStore } from 'sluice/plugin'
import { decrypt, isAuthentic } from './frame-security.js'
import type { DeviceOptions } from './options.js'
import type { DataFrame } from './phy-payload.js'

/** What is known of a frame by the keys of its device. */
export interface Opened {
  /** All 32 bits of the frame's counter. */
  readonly counter: number
  /** In the clear; undefined where there is no key for it. */
  readonly payload: Buffer | undefined
}

const half = 0x1_0000

/** A device and how far its counters of both directions have got. What runs over is remembered across restarts. */
export class Device {
  readonly name: string | undefined
  readonly parser: Parser | undefined
  readonly #address: string
  readonly #networkKey: Buffer | undefined
  readonly #applicationKey: Buffer | undefined
  readonly #state: StateStore
  readonly #last = new Map<string, number>()

  /** Throws `LORAWAN_KEY`. */
  constructor(options: DeviceOptions, parser: Parser | undefined, state: StateStore) {
    this.name = options.name
    this.parser = parser
    this.#address = options.dev_addr.toLowerCase()
    this.#networkKey = keyOf(options, 'nwk_s_key')
    this.#applicationKey = keyOf(options, 'app_s_key')
    this.#state = state
  }

  /** Undefined where the MIC is wrong: another network has a device of this address, or somebody pretends to be it. */
  open(frame: DataFrame): Opened | undefined {
    const key = this.#networkKey
    const candidates = this.#countersOf(frame)
    const counter = key ? candidates.find((candidate) => isAuthentic(frame, candidate, key)) : candidates[0]
    if (counter === undefined) return undefined
    this.#remember(frame, counter)
    return { counter, payload: this.#clear(frame, counter) }
  }

  /** The nearest to the last one first; at the end what is right after a restart of the device. */
  #countersOf(frame: DataFrame): readonly number[] {
    const stateKey = this.#keyOf(frame)
    const last = this.#last.get(stateKey) ?? Number(this.#state.get(stateKey) ?? 0) * half + half / 2
    const same = last - (last % half) + frame.counter
    return [same, same + half, same - half, frame.counter]
      .filter((counter) => counter >= 0 && counter < half * half)
      .toSorted((one, other) => Math.abs(one - last) - Math.abs(other - last))
  }

  #remember(frame: DataFrame, counter: number): void {
    const stateKey = this.#keyOf(frame)
    const high = String(Math.floor(counter / half))
    this.#last.set(stateKey, counter)
    if ((this.#state.get(stateKey) ?? '0') !== high) this.#state.set(stateKey, high)
  }

  #keyOf({ isUplink }: DataFrame): string {
    return `counter.${this.#address}.${isUplink ? 'up' : 'down'}`
  }

  /** Commands of the MAC layer, on port 0, have the key of the network. */
  #clear(frame: DataFrame, counter: number): Buffer | undefined {
    const key = frame.port === 0 ? this.#networkKey : this.#applicationKey
    return key && frame.payload.length > 0 ? decrypt(frame, counter, key) : undefined
  }
}

function keyOf(options: DeviceOptions, name: 'nwk_s_key' | 'app_s_key'): Buffer | undefined {
  const key = options[name]
  if (key === undefined) return undefined
  if (/^[0-9a-fA-F]{32}$/.test(key)) return Buffer.from(key, 'hex')
  throw new AgentError('LORAWAN_KEY', `devices, ${options.dev_addr}: ${name}: expected 32 hex digits`)
}
