import { type EventRecord, setField, type Value } from 'sluice/plugin'

/** A record with a change made; the same one where there is nothing to change. */
export type Change = (record: EventRecord) => EventRecord

type Fields = readonly (readonly [key: string, value: Value])[]

/** Puts the field behind all others. */
export function set(key: string, value: Value): Change {
  return (record) => recordOf([...fieldsOf(record).filter(([name]) => name !== key), [key, value]])
}

export function add(key: string, value: Value): Change {
  return (record) => (has(record, key) ? record : recordOf([...fieldsOf(record), [key, value]]))
}

export function remove(matches: (key: string) => boolean): Change {
  return (record) => {
    const left = fieldsOf(record).filter(([key]) => !matches(key))
    return left.length === Object.keys(record).length ? record : recordOf(left)
  }
}

/** The field stays in its place; `hard` says that one of the new name goes. */
export function rename(from: string, to: string, hard: boolean): Change {
  return (record) => {
    if (!mayTake(record, from, to, hard)) return record
    const others = fieldsOf(record).filter(([key]) => key !== to)
    return recordOf(others.map(([key, value]) => [key === from ? to : key, value]))
  }
}

/** The copy stands behind its field; `hard` says that one of the new name goes. */
export function copy(from: string, to: string, hard: boolean): Change {
  return (record) => {
    if (!mayTake(record, from, to, hard)) return record
    const others = fieldsOf(record).filter(([key]) => key !== to)
    return recordOf(
      others.flatMap(([key, value]): Fields =>
        key === from
          ? [
              [key, value],
              [to, value],
            ]
          : [[key, value]],
      ),
    )
  }
}

export function move(matches: (key: string) => boolean, toStart: boolean): Change {
  return (record) => {
    const fields = fieldsOf(record)
    const moved = fields.filter(([key]) => matches(key))
    if (moved.length === 0) return record
    const others = fields.filter(([key]) => !matches(key))
    return recordOf(toStart ? [...moved, ...others] : [...others, ...moved])
  }
}

function mayTake(record: EventRecord, from: string, to: string, hard: boolean): boolean {
  return has(record, from) && from !== to && (hard || !has(record, to))
}

function has(record: EventRecord, key: string): boolean {
  return Object.hasOwn(record, key)
}

function fieldsOf(record: EventRecord): Fields {
  return Object.entries(record)
}

function recordOf(fields: Fields): EventRecord {
  const record: Record<string, Value> = {}
  for (const [key, value] of fields) setField(record, key, value)
  return record
}
