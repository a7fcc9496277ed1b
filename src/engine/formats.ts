import type { Clock } from '../base/clock.js'
import { formerCodecs } from '../config/check-parsers.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import { readOptions } from '../config/read-options.js'
import { createParser } from '../parse/parser.js'
import type { Formatter, Parser, PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { LoadedPluginOf } from '../registry/plugin.js'
import { load, names } from '../registry/registry.js'

/** Makes parsers and formatters by name. */
export interface Formats {
  parser(name: string, options?: Given): Parser
  formatter(name: string, options?: Given): Formatter
}

type CodecPlugin = LoadedPluginOf<'codec'>
/** A codec's options were checked with those of every parser among them. */
type ParserValues = Parameters<typeof createParser>[1]
/** What parsers and formatters are named in. */
type Formatting = Pick<CheckedPipeline, 'servers' | 'inputs' | 'filters' | 'outputs' | 'parsers'>
type Given = { readonly [option: string]: unknown }

/**
 * The parsers and formatters of one configuration. The codecs that it names are loaded here, before any plugin is made, so
 * that plugins get theirs synchronously.
 */
export async function loadFormats(checked: Formatting, clock: Clock, context: PluginContext): Promise<Formats> {
  const codecs = new Map<string, CodecPlugin>()
  for (const name of namedCodecs(checked)) codecs.set(name, await load('codec', name))
  const declared = new Map(checked.parsers.map((parser) => [parser.name, parser]))

  return {
    parser(name, given = {}): Parser {
      const { codec, options } = declared.get(name) ?? byName(codecs, name, given)
      return createParser(codec.definition.create(options, context), options as ParserValues, clock)
    },
    formatter(name, given = {}): Formatter {
      const { codec, options } = byName(codecs, formerCodecs[name] ?? name, given)
      const { formatter } = codec.definition.create(options, context)
      if (formatter) return formatter
      throw new AgentError('CODEC_READS_ONLY', `format: expected a codec that writes, got "${name}", which only reads`)
    },
  }
}

function byName(
  codecs: ReadonlyMap<string, CodecPlugin>,
  name: string,
  given: Given,
): { codec: CodecPlugin; options: Given } {
  const codec = codecs.get(name)
  if (!codec) throw new AgentError('CODEC_UNKNOWN', `expected the name of a parser or codec, got "${name}"`)
  const { values, problems } = readOptions(codec.schema, given, codec.validate)
  const [problem] = problems.filter(({ severity }) => severity === 'error')
  if (problem) throw new AgentError('CODEC_OPTIONS', `codec ${name}: ${[...problem.path, problem.message].join(': ')}`)
  return { codec, options: values }
}

/** Every codec that stands among the values of an option, or that a plugin asks for by itself: one too many costs little. */
function namedCodecs({ servers, inputs, filters, outputs }: Formatting): Set<string> {
  const known = new Set(names('codec'))
  const stages = servers.flatMap((server) => server.stages)
  const given = [...stages, ...inputs, ...filters, ...outputs].flatMap(({ options }) => Object.values(options).flat())
  const named = given.filter((value) => typeof value === 'string').map((value) => formerCodecs[value] ?? value)
  const instances = [...stages, ...inputs, ...outputs]
  const asked = instances.flatMap(({ plugin, options }) => plugin.definition.codecs?.(options) ?? [])
  return new Set([...named, ...asked].filter((name) => known.has(name)))
}
