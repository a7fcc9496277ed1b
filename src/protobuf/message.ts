/**
 * The words in which messages are declared, once for both of their encodings and both directions:
 *
 *     const keyValue = message('KeyValue', { key: one(1, string), value: one(2, () => anyValue) })
 *     type KeyValue = Read<typeof keyValue>
 *
 * A field's name is its name in JSON, its number that on the wire. Fields that a declaration leaves out are stepped over.
 */
import type { Scalar } from './scalars.js'

/** `one`: the last that came, or undefined. `all`: a list. `each`: messages that are read while somebody asks for the next. */
export type Count = 'one' | 'all' | 'each'

/** A field; the type that is read is that of its scalar, or of its message, which may be declared further below. */
export interface Field<C extends Count, T> {
  readonly count: C
  readonly number: number
  readonly scalar?: Scalar<T>
  readonly message?: () => MessageType<T>
}

export type NamedField = Field<Count, unknown> & { readonly name: string }

export interface MessageType<T> {
  readonly name: string
  readonly fields: readonly NamedField[]
  /** Those of them that are there whether or not any came. */
  readonly lists: readonly NamedField[]
  readonly byNumber: ReadonlyMap<number, NamedField>
  /** There is none: it carries the type of what is read. */
  readonly read?: T
}

export type Read<M> = M extends MessageType<infer T> ? T : never

/** What is written as a message: any of its fields, whatever gives the elements of its lists. */
export type Draft<T> = T extends string | Uint8Array
  ? T
  : T extends Iterable<infer E>
    ? Iterable<Draft<E>>
    : T extends object
      ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
      : T

type Reads<F> = {
  readonly [K in keyof F]: F[K] extends Field<infer C, infer T>
    ? C extends 'one'
      ? T | undefined
      : C extends 'all'
        ? readonly T[]
        : Iterable<T>
    : never
}

type Kind<T> = Scalar<T> | (() => MessageType<T>)

export function message<const F extends { readonly [name: string]: Field<Count, unknown> }>(
  name: string,
  declared: F,
): MessageType<Reads<F>> {
  const fields = Object.entries(declared).map(([field, rest]) => ({ ...rest, name: field }))
  const lists = fields.filter(({ count }) => count !== 'one')
  return { name, fields, lists, byNumber: new Map(fields.map((field) => [field.number, field])) }
}

export function one<T>(number: number, kind: Kind<T>): Field<'one', T> {
  return { count: 'one', number, ...kindOf(kind) }
}

export function all<T>(number: number, kind: Kind<T>): Field<'all', T> {
  return { count: 'all', number, ...kindOf(kind) }
}

export function each<T>(number: number, kind: () => MessageType<T>): Field<'each', T> {
  return { count: 'each', number, message: kind }
}

function kindOf<T>(kind: Kind<T>): Pick<Field<Count, T>, 'scalar' | 'message'> {
  return typeof kind === 'function' ? { message: kind } : { scalar: kind }
}
