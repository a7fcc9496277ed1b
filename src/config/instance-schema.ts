import { filterOptions, inputOptions, outputOptions, parserOptions, stageOptions } from '../plugin/common-options.js'
import type { PluginKind } from '../plugin/define.js'
import type { Options, Schema } from '../plugin/options.js'
import type { AnyDefinition } from '../registry/plugin.js'
import { ignoredOptions, unsupportedOptions } from './fluent-bit.js'

export const commonOptions: { readonly [K in PluginKind]: Options } = {
  input: inputOptions,
  filter: filterOptions,
  output: outputOptions,
  codec: parserOptions,
  stage: stageOptions,
}

/** All options of one instance of a plugin: those of its kind, then its own. */
export function instanceSchema(
  definition: Pick<AnyDefinition, 'kind' | 'options' | 'unsupported' | 'ignored'>,
): Schema {
  const { kind, options, unsupported, ignored } = definition
  return {
    ...optionsSchema({ ...commonOptions[kind], ...options }),
    'x-ignored': { ...ignoredOptions[kind], ...ignored },
    'x-unsupported': { ...unsupportedOptions[kind], ...unsupported },
  }
}

/** The schema of a map with these options and no others. */
export function optionsSchema(options: Options): Schema {
  const required = Object.keys(options).filter((name) => options[name]?.['x-required'])
  return { type: 'object', properties: options, required, additionalProperties: false }
}
