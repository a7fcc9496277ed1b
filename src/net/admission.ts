export interface AdmissionLimits {
  readonly connections: number
  readonly connectionsPerAddress: number
}

/** Counts the connections of one server, in all and by the address of the peer; an empty one, as that of a unix socket, has no limit. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #perAddress = new Map<string, number>()
  #count = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  /** Why one more from this address is not let in, as a counter calls it; undefined where it is. */
  refusal(address: string): string | undefined {
    const { connections, connectionsPerAddress } = this.#limits
    if (this.#count >= connections) return 'too_many_connections'
    const ofAddress = this.#perAddress.get(address) ?? 0
    return address !== '' && ofAddress >= connectionsPerAddress ? 'too_many_connections_of_address' : undefined
  }

  add(address: string): void {
    this.#count++
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
  }

  remove(address: string): void {
    this.#count--
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
  }
}
