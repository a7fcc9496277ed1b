import { defineFilter, list } from 'sluice/plugin'
import { readConditions } from './conditions.js'
import { modifier } from './modify.js'
import { readRules } from './rules.js'

export default defineFilter({
  summary: 'Sets, removes, renames and copies fields.',
  options: {
    set: list('Each `field value`: gives the field this value, whether it is there or not.'),
    add: list('Each `field value`: adds the field where it is missing.', { aliases: ['add_if_not_present'] }),
    remove: list('Fields to remove.'),
    remove_wildcard: list('Beginnings of the names of fields to remove.'),
    remove_regex: list('Patterns of the names of fields to remove.'),
    rename: list('Each `field new`: renames the field, unless there is one of the new name.'),
    hard_rename: list('Each `field new`: renames the field, in place of one of the new name.'),
    copy: list('Each `field new`: copies the field, unless there is one of the new name.'),
    hard_copy: list('Each `field new`: copies the field, in place of one of the new name.'),
    move_to_start: list('Beginnings of the names of fields to put before all others.'),
    move_to_end: list('Beginnings of the names of fields to put behind all others.'),
    condition: list(
      'Each `condition field value`, such as `key_value_equals level debug`; all must hold, else nothing is done.',
    ),
  },
  create: (options) => modifier(readConditions(options.condition), readRules(options)),
})
