import { choice, defineFilter, list } from 'sluice/plugin'
import { keeper } from './keep.js'
import { readRules } from './rules.js'

export default defineFilter({
  summary: 'Keeps or drops events by what stands in their fields.',
  options: {
    regex: list(
      "Keep events whose field matches, each `field pattern`; the field may be an accessor such as `$a['b']`.",
    ),
    exclude: list('Drop events whose field matches, each `field pattern`.'),
    logical_op: choice(
      'Whether all rules must match (`and`), or one (`or`); `legacy` is `and` for `regex` and `or` for `exclude`.',
      ['legacy', 'and', 'or'],
      { default: 'legacy' },
    ),
  },
  create({ regex, exclude, logical_op }) {
    const keeps = keeper({ regex: readRules('regex', regex), exclude: readRules('exclude', exclude), op: logical_op })
    return { apply: (event) => (keeps(event) ? event : undefined) }
  },
})
