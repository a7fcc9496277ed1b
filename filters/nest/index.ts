import { AgentError, choice, defineFilter, list, text } from 'sluice/plugin'
import { type Lift, lift } from './lift.js'
import { type Nest, nest } from './nest.js'
import { prefixer } from './prefix.js'

export default defineFilter({
  summary: 'Moves fields into a map, or the fields of a map up into the record.',
  options: {
    operation: choice('`nest` moves fields into a map, `lift` moves them out.', ['nest', 'lift'], { required: true }),
    wildcard: list('For `nest`: names of the fields to move; a `*` at the end stands for any rest.'),
    nest_under: text('For `nest`: field that becomes the map.'),
    nested_under: text('For `lift`: field whose map is dissolved.'),
    add_prefix: text('Put before the names of the fields that are moved.', { aliases: ['prefix_with'] }),
    remove_prefix: text('Taken from the beginning of the names of the fields that are moved.'),
  },
  create(options, context) {
    const rename = prefixer(options.add_prefix, options.remove_prefix)
    if (options.operation === 'nest') {
      const settings: Nest = {
        wildcards: required('wildcard', options.wildcard),
        under: required('nest_under', options.nest_under),
        rename,
      }
      return { apply: (event) => nest(event, settings, context) }
    }
    const settings: Lift = { under: required('nested_under', options.nested_under), rename }
    return { apply: (event) => lift(event, settings) }
  },
})

function required<T>(option: string, value: T | undefined): T {
  if (value !== undefined) return value
  throw new AgentError('FILTER_NEST_OPTION', `${option}: expected a value, which this operation needs, got none`)
}
