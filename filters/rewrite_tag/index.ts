import { defineFilter, list } from 'sluice/plugin'
import { readRule } from './rule.js'
import { retag } from './retag.js'

const noEmitter = 'events go back to the first filter at once, with no buffer between'

export default defineFilter({
  summary: 'Gives events another tag by what stands in a field, and routes them anew.',
  options: {
    rule: list(
      'Rules `$field pattern new.tag keep`, of which the first that matches is taken; `$1` and `$field` may stand in the tag.',
      { required: true },
    ),
  },
  unsupported: { recursive_action: 'leave it out: no event goes through the same filter twice' },
  ignored: {
    emitter_name: noEmitter,
    'emitter_storage.type': noEmitter,
    emitter_mem_buf_limit: noEmitter,
    'recursive_action=false': '',
    'recursive_action=off': '',
  },
  anyTag: true,
  create({ rule }, context) {
    const rules = rule.map(readRule)
    return { apply: (event) => retag(event, rules, context) }
  },
})
