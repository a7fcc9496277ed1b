import type { CheckedInput, CheckedParser, CheckedServer, CheckedStage } from '../../config/pipeline.js'
import type { InputSetup, SentInstance, SentParser, ServerSetup } from './messages.js'

/** An input as its workers are told of it. */
export function inputSetup(input: CheckedInput, parsers: readonly CheckedParser[]): InputSetup {
  return { kind: 'input', ...sent(input), parsers: parsers.map(sentParser) }
}

/** A server as its workers are told of it. */
export function serverSetup({ id, options, stages }: CheckedServer, parsers: readonly CheckedParser[]): ServerSetup {
  return { kind: 'server', id, options, stages: stages.map(sent), parsers: parsers.map(sentParser) }
}

function sent({ id, plugin, options }: CheckedInput | CheckedStage): SentInstance {
  return { id, plugin: plugin.name, options }
}

function sentParser({ name, codec, options }: CheckedParser): SentParser {
  return { name, codec: codec.name, options }
}
