import { AgentError } from '../plugin/errors.js'
import { readInteger } from './integer.js'

/** When a field is there, by the number that another has. */
export interface Condition {
  readonly field: string
  readonly holds: (value: number | bigint) => boolean
}

/** `kind=1`, `kind=1,2`, `kind!=3` or `flags&0x04`, the last for any of these bits. */
export function readCondition(text: string): Condition {
  const [, field = '', operator = '', values = ''] = /^\s*([^=!&]+?)\s*(=|!=|&)\s*(.+?)\s*$/.exec(text) ?? []
  if (field === '') {
    throw new AgentError('LAYOUT_WHEN', `when: expected such as kind=1, kind!=2,3 or flags&0x04, got "${text}"`)
  }
  const numbers = new Set(values.split(',').map((value) => readInteger('when', value)))
  if (operator === '=') return { field, holds: (value) => numbers.has(value) }
  if (operator === '!=') return { field, holds: (value) => !numbers.has(value) }
  const mask = [...numbers].reduce<bigint>((all, each) => all | BigInt(each), 0n)
  return { field, holds: (value) => (BigInt(value) & mask) !== 0n }
}
