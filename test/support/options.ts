import { compileValidator } from '../../src/config/ajv.js'
import { instanceSchema, optionsSchema } from '../../src/config/instance-schema.js'
import { readOptions } from '../../src/config/read-options.js'
import type { Options, Schema, ValuesOf } from '../../src/plugin/options.js'
import type { AnyDefinition } from '../../src/registry/plugin.js'

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
  const complete = definition.kind === 'input' ? { tag: 'test', ...raw } : raw
  return read(instanceSchema(definition), complete) as Parameters<D['create']>[0]
}

/** The same for a set of options that is no plugin's. */
export function valuesOf<O extends Options>(options: O, raw: { readonly [name: string]: unknown } = {}): ValuesOf<O> {
  return read(optionsSchema(options), raw) as ValuesOf<O>
}

function read(schema: Schema, raw: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  const { values, problems } = readOptions(schema, raw, compileValidator(schema))
  const errors = problems.filter((problem) => problem.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  return values
}
