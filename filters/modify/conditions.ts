import {
  type Accessor,
  AgentError,
  compileAccessor,
  type Event,
  firstWord,
  Pattern,
  unquote,
  valueText,
} from 'sluice/plugin'

/** Whether an event is to be modified. */
export type Condition = (event: Event) => boolean

type Make = (field: string, value: string) => Condition

/** Conditions on a field alone. */
const ofField: { readonly [name: string]: Make } = {
  key_exists: (field) => onField(field, (value) => value !== undefined),
  key_does_not_exist: (field) => onField(field, (value) => value === undefined),
  a_key_matches: (pattern) => someKey(new Pattern(pattern)),
  no_key_matches: (pattern) => not(someKey(new Pattern(pattern))),
}

/** Conditions on a field and its value; a field that is missing meets none of the first four. */
const ofValue: { readonly [name: string]: Make } = {
  key_value_equals: (field, value) => onText(field, (text) => text === value),
  key_value_does_not_equal: (field, value) => onText(field, (text) => text !== value),
  key_value_matches: (field, pattern) => onText(field, matcher(pattern)),
  key_value_does_not_match: (field, pattern) => onText(field, not(matcher(pattern))),
  matching_keys_have_matching_values: (keys, values) => allMatching(new Pattern(keys), new Pattern(values)),
  matching_keys_do_not_have_matching_values: (keys, values) => not(allMatching(new Pattern(keys), new Pattern(values))),
}

export function readConditions(conditions: readonly string[] = []): readonly Condition[] {
  return conditions.map((text) => {
    const { word: name, rest: operands } = firstWord(text)
    const { word: field, rest: value } = firstWord(operands)
    const known = value === '' ? ofField : ofValue
    const make = Object.hasOwn(known, name.toLowerCase()) ? known[name.toLowerCase()] : undefined
    if (make && field !== '') return make(unquote(field), unquote(value))
    const names = [...Object.keys(ofField), ...Object.keys(ofValue)].join(', ')
    const message = `condition: expected one of ${names}, and the field and value it needs, got "${text}"`
    throw new AgentError('FILTER_MODIFY_CONDITION', message)
  })
}

function onField(field: string, holds: (value: ReturnType<Accessor>) => boolean): Condition {
  const read = compileAccessor(field)
  if (!read) throw new AgentError('FILTER_MODIFY_FIELD', `condition: expected a field, got "${field}"`)
  return (event) => holds(read(event))
}

/** A map or a list equals and matches nothing, so it does not equal and does not match. */
function onText(field: string, holds: (text: string | undefined) => boolean): Condition {
  return onField(field, (value) => value !== undefined && holds(valueText(value)))
}

function matcher(source: string): (text: string | undefined) => boolean {
  const pattern = new Pattern(source)
  return (text) => text !== undefined && pattern.test(text)
}

function someKey(pattern: Pattern): Condition {
  return ({ record }) => Object.keys(record).some((key) => pattern.test(key))
}

function allMatching(keys: Pattern, values: Pattern): Condition {
  return ({ record }) =>
    Object.entries(record).every(([key, value]) => !keys.test(key) || values.test(valueText(value) ?? ''))
}

function not<T>(holds: (given: T) => boolean): (given: T) => boolean {
  return (given) => !holds(given)
}
