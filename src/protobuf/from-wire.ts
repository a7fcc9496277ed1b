import { AgentError } from '../base/agent-error.js'
import type { MessageType, NamedField } from './message.js'
import { wire, WireReader } from './wire-reader.js'

/** How many messages may lie in one another, as in most implementations of Protocol Buffers. */
const deepest = 100

/** How many messages one may hold, those below a field of `each` left out: two bytes make an object that takes fifty. */
const most = 65_536

type Fields = Record<string, unknown>

/**
 * The bytes of a message to its fields. Throws an AgentError: `PROTOBUF_MALFORMED`, `PROTOBUF_TOO_DEEP`, `PROTOBUF_TOO_MANY`, or
 * `PROTOBUF_MISMATCH` where a known field has another wire type, which mostly is another message. What is below a field of
 * `each` is read, and throws, when it is asked for; the bytes are lent until then.
 */
export function fromWire<T>(type: MessageType<T>, bytes: Uint8Array): T {
  return new MessageReader(new WireReader(bytes), 1).read(type) as T
}

class MessageReader {
  readonly #wire: WireReader
  #depth: number
  #count = 0

  constructor(reader: WireReader, depth: number) {
    this.#wire = reader
    this.#depth = depth
  }

  /** All of the reader's range is one message. */
  read(type: MessageType<unknown>): Fields {
    const found: Fields = {}
    for (const field of type.lists) found[field.name] = field.count === 'all' ? [] : this.#each(field)
    while (!this.#wire.done) this.#readField(type, found)
    return found
  }

  #readField(type: MessageType<unknown>, found: Fields): void {
    const tag = this.#wire.tag()
    const wireType = tag & 7
    const field = type.byNumber.get(tag >>> 3)
    if (!field) return this.#wire.skip(wireType)
    const isPacked = canBePacked(field) && wireType === wire.length
    if (!isPacked && wireType !== wireTypeOf(field)) throw mismatch(type, field, wireType)
    if (field.count === 'each') this.#wire.skip(wireType)
    else if (field.count === 'one') found[field.name] = this.#value(field)
    else this.#append(found[field.name] as unknown[], field, isPacked)
  }

  /** Numbers of a list stand in one field together, or in one each (Protocol Buffers, "Encoding", "Packed Repeated Fields"). */
  #append(list: unknown[], field: NamedField, isPacked: boolean): void {
    if (!isPacked) {
      list.push(this.#value(field))
      return
    }
    const outer = this.#wire.enter()
    while (!this.#wire.done) list.push(this.#value(field))
    this.#wire.leave(outer)
  }

  #value({ scalar, message }: NamedField): unknown {
    return message ? this.#message(message()) : scalar?.read(this.#wire)
  }

  #message(type: MessageType<unknown>): Fields {
    if (this.#depth === deepest) {
      throw new AgentError(
        'PROTOBUF_TOO_DEEP',
        `protobuf: expected at most ${deepest} messages in one another, got more`,
      )
    }
    if (++this.#count > most) {
      throw new AgentError('PROTOBUF_TOO_MANY', `protobuf: expected at most ${most} messages in one, got more`)
    }
    this.#depth++
    const outer = this.#wire.enter()
    const found = this.read(type)
    this.#wire.leave(outer)
    this.#depth--
    return found
  }

  /** The messages of one field, found again in this range for whoever asks: none is held. */
  #each(field: NamedField): Iterable<Fields> {
    const reader = this.#wire
    const depth = this.#depth
    const { at, end } = reader
    return { [Symbol.iterator]: () => new MessageReader(reader.range(at, end), depth).#only(field) }
  }

  *#only({ number, message }: NamedField): Generator<Fields> {
    while (!this.#wire.done) {
      const tag = this.#wire.tag()
      this.#count = 0
      if (tag >>> 3 === number && message) yield this.#message(message())
      else this.#wire.skip(tag & 7)
    }
  }
}

function wireTypeOf({ scalar }: NamedField): number {
  return scalar?.wireType ?? wire.length
}

function canBePacked(field: NamedField): boolean {
  return field.count === 'all' && wireTypeOf(field) !== wire.length
}

function mismatch(type: MessageType<unknown>, field: NamedField, wireType: number): AgentError {
  const expected = `${type.name}.${field.name}: expected ${field.scalar?.name ?? 'a message'}`
  return new AgentError('PROTOBUF_MISMATCH', `protobuf: ${expected}, got wire type ${wireType}`)
}
