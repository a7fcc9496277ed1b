import { checkInstances } from './check-instances.js'
import { checkLanes } from './check-lanes.js'
import { checkParsers } from './check-parsers.js'
import { checkReferences } from './check-references.js'
import { checkRoutes } from './check-routes.js'
import { checkService } from './check-service.js'
import type { ConfigDocument } from './document.js'
import type { Lookup } from './lookup.js'
import { inOrder, isError, type Problem, problemAt, unsetPlaces } from './node.js'
import type { CheckedInput, CheckedPipeline, InstanceKind } from './pipeline.js'
import { soundPart } from './sound-part.js'

export interface Checked {
  /** Only where no problem is an error. */
  readonly pipeline?: CheckedPipeline
  /** What of it is in order by itself, whatever else is wrong: plugins are made of it to hear what they refuse. Never run. */
  readonly sound: CheckedPipeline
  /** In the order of the file. */
  readonly problems: readonly Problem[]
}

/** Everything that can be said about a configuration without creating a plugin: a pipeline for the engine, or all mistakes at once. */
export async function checkConfig(document: ConfigDocument, lookup: Lookup): Promise<Checked> {
  const problems: Problem[] = []
  const checking = { lookup, problems }
  const service = await checkService(document, checking)
  const parsers = await checkParsers(document.parsers, checking)
  const inputs = await checkInstances('input', document.inputs, checking)
  const filters = await checkInstances('filter', document.filters, checking)
  const outputs = await checkInstances('output', document.outputs, checking)
  const references = { ...parsers, codecs: lookup.names('codec') }
  const referring = [...inputs, ...filters, ...outputs].filter((each) => checkReferences(each, references, problems))
  expectSome('input', document, problems)
  expectSome('output', document, problems)
  const routes = checkRoutes({ inputs, filters, outputs }, problems)
  // What the settings are wrong about they are not asked about.
  const lanes = problems.some(isError) ? [] : checkLanes({ document, service, inputs }, problems)
  const told = inOrder(untold(problems, document))
  const sound = await soundPart({ parsers: parsers.checked, instances: referring }, lookup)
  if (problems.some(isError)) return { sound, problems: told }
  const checkedInputs = inputs.map(
    ({ id, node: { position }, plugin, options }) => ({ id, position, plugin, options }) as CheckedInput,
  )
  return {
    pipeline: { service, lanes, parsers: parsers.checked, inputs: checkedInputs, ...routes },
    sound,
    problems: told,
  }
}

function expectSome(kind: InstanceKind, document: ConfigDocument, problems: Problem[]): void {
  if (document[`${kind}s`].length > 0) return
  problems.push(problemAt(document.position, `pipeline.${kind}s: expected at least one ${kind}`))
}

/** Problems but for those of values in which a variable is not set. */
function untold(problems: readonly Problem[], document: ConfigDocument): Problem[] {
  const { service, parsers, inputs, filters, outputs } = document
  const values = [...service.map(({ value }) => value), ...parsers, ...inputs, ...filters, ...outputs]
  const unset = new Set(values.flatMap(unsetPlaces))
  return problems.filter(({ position }) => !unset.has(position))
}
