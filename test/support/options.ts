import { compileValidator } from '../../src/config/ajv.js'
import { instanceSchema } from '../../src/config/instance-schema.js'
import { readOptions } from '../../src/config/read-options.js'
import type { AnyDefinition } from '../../src/plugin/define.js'

interface Creatable {
  create(options: never, context: never): unknown
}

/**
 * Raw options, as a file has them, to what `create` of this definition gets: with those of its kind, checked, completed and
 * decoded. Throws the text of every problem that is an error. Inputs get the tag `test` unless one is given.
 */
export function optionsOf<D extends Creatable & Pick<AnyDefinition, 'kind' | 'options'>>(
  definition: D,
  raw: { readonly [name: string]: unknown } = {},
): Parameters<D['create']>[0] {
  const schema = instanceSchema(definition)
  const complete = definition.kind === 'input' ? { tag: 'test', ...raw } : raw
  const { values, problems } = readOptions(schema, complete, compileValidator(schema))
  const errors = problems.filter((problem) => problem.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  return values as Parameters<D['create']>[0]
}
