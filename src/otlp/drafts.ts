import {
  type Event,
  type EventRecord,
  type EventTime,
  isRecord,
  type Template,
  toJson,
  type Value,
} from '../plugin/index.js'
import type { Draft, Read } from '../protobuf/index.js'
import type { AnyValue, KeyValue, resource, scope } from './common.js'

/** What is gathered for a request. */
export interface Gatherer<T> {
  /** Takes an event, or answers why it has nothing to give. */
  readonly add: (event: Event) => string | undefined
  readonly request: () => Draft<T>
}

/** A value as OTLP has it; an integer beyond 64 bits with a sign is the text of its digits. */
export function anyDraft(value: Value): Draft<AnyValue> {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value }
  if (typeof value === 'bigint') {
    return BigInt.asIntN(64, value) === value ? { intValue: value } : { stringValue: String(value) }
  }
  if (value instanceof Uint8Array) return { bytesValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: (value as readonly Value[]).map(anyDraft) } }
  return isRecord(value) ? { kvlistValue: { values: attributeDrafts(value) } } : {}
}

export function attributeDrafts(attributes: Value | undefined): Draft<KeyValue>[] {
  if (!isRecord(attributes)) return []
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyDraft(value) }))
}

/** Of a message that may be written without a field. */
export function textIn(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function unixNano({ seconds, nanoseconds }: EventTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
}

/** RFC 3339 with nine decimals, which is how records have times. */
export function nanosOfText(value: Value | undefined): bigint | undefined {
  const [, whole, fraction = ''] = typeof value === 'string' ? (/^(.{19})\.(\d{9})Z$/.exec(value) ?? []) : []
  const milliseconds = whole === undefined ? Number.NaN : Date.parse(`${whole}Z`)
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n + BigInt(fraction)
}

/** Texts of templates that say something. */
export function filled(templates: readonly (readonly [string, Template])[], event: Event): EventRecord {
  const pairs = templates.map(([name, of]) => [name, of(event)] as const)
  return Object.fromEntries(pairs.filter(([, text]) => text !== ''))
}

interface OfScope<T> {
  readonly scope: Draft<Read<typeof scope>> | undefined
  readonly items: T[]
}

interface OfResource<T> {
  readonly resource: Draft<Read<typeof resource>>
  readonly scopes: Map<string, OfScope<T>>
}

/** What comes from one resource stands together in a request, and so does what comes from one scope of it. */
export class Origins<T> {
  readonly #resources = new Map<string, OfResource<T>>()

  /** Of what comes from there. */
  itemsOf(from: EventRecord, by: Value | undefined): T[] {
    const ofResource = found(this.#resources, toJson(from), () => ({
      resource: { attributes: attributeDrafts(from) },
      scopes: new Map<string, OfScope<T>>(),
    }))
    return found(ofResource.scopes, toJson(by ?? null), () => ({ scope: scopeDraft(by), items: [] as T[] })).items
  }

  /** In the form of a request; `wrap` names what the items are. */
  drafts<D>(wrap: (resource: OfResource<T>['resource'], scopes: readonly OfScope<T>[]) => D): D[] {
    return Array.from(this.#resources.values(), ({ resource: from, scopes }) => wrap(from, [...scopes.values()]))
  }
}

function scopeDraft(value: Value | undefined): Draft<Read<typeof scope>> | undefined {
  if (!isRecord(value)) return undefined
  const { name, version, attributes } = value
  return { name: textIn(name), version: textIn(version), attributes: attributeDrafts(attributes) }
}

export function found<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
