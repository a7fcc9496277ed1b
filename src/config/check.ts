import { checkFiles } from './check-files.js'
import { checkedInstance, checkInstances, type FoundInstance, labelled } from './check-instances.js'
import { checkLanes } from './check-lanes.js'
import { checkParsers } from './check-parsers.js'
import { checkReferences } from './check-references.js'
import { checkRoutes } from './check-routes.js'
import { checkedServer, checkServers } from './check-servers.js'
import { checkService } from './check-service.js'
import { checkUpstreams } from './check-upstreams.js'
import type { ConfigDocument } from './document.js'
import { warnOfIdleOptions } from './idle-disk-options.js'
import type { Checking, Lookup } from './lookup.js'
import { withUpstreams } from './named-upstreams.js'
import { inOrder, isError, type Problem, problemAt, unsetPlaces } from './node.js'
import type { CheckedPipeline } from './pipeline.js'
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
  const inputs = await checkInstances('input', labelled('inputs', document.inputs), checking)
  const filters = await checkInstances('filter', labelled('filters', document.filters), checking)
  const outputs = await checkOutputs(document, checking)
  const servers = await checkServers(document.http, inputs, checking)
  const instances = [...inputs, ...filters, ...outputs, ...servers.flatMap(({ stages }) => stages)]
  for (const instance of instances) checkFiles(instance, problems)
  const references = { ...parsers, codecs: lookup.names('codec') }
  const referring = instances.filter((each) => checkReferences(each, references, problems))
  expectSome(document, problems)
  const routes = checkRoutes({ inputs, servers, filters, outputs }, problems)
  // What the settings are wrong about they are not asked about.
  const lanes = problems.some(isError)
    ? []
    : checkLanes({ document, service, inputs: [...inputs, ...servers] }, problems)
  warnOfIdleOptions(document, service, lanes, problems)
  const told = inOrder(untold(problems, document))
  const sound = await soundPart({ parsers: parsers.checked, servers, instances: referring }, lookup)
  if (problems.some(isError)) return { sound, problems: told }
  const checkedSources = { servers: servers.map(checkedServer), inputs: inputs.map(checkedInstance<'input'>) }
  return { pipeline: { service, lanes, parsers: parsers.checked, ...checkedSources, ...routes }, sound, problems: told }
}

async function checkOutputs(document: ConfigDocument, checking: Checking): Promise<readonly FoundInstance[]> {
  const outputs = await checkInstances('output', labelled('outputs', document.outputs), checking)
  const upstreams = checkUpstreams(document.upstreams, checking.problems)
  const isNamed = upstreams.length > 0 || outputs.some(({ options }) => options['upstream'] !== undefined)
  return isNamed ? withUpstreams(outputs, upstreams, await checking.lookup.nodeReader(), checking.problems) : outputs
}

/** An agent that only serves HTTP needs no pipeline. */
function expectSome({ inputs, outputs, http, position }: ConfigDocument, problems: Problem[]): void {
  if (http.length > 0 && inputs.length === 0) return
  const empty = [inputs.length === 0 ? 'input' : [], outputs.length === 0 ? 'output' : []].flat()
  problems.push(...empty.map((kind) => problemAt(position, `pipeline.${kind}s: expected at least one ${kind}`)))
}

/** Problems but for those of values in which a variable is not set. */
function untold(problems: readonly Problem[], document: ConfigDocument): Problem[] {
  const { service, parsers, upstreams, http, inputs, filters, outputs } = document
  const maps = [...parsers, ...upstreams, ...http, ...inputs, ...filters, ...outputs]
  const values = [...service.map(({ value }) => value), ...maps]
  const unset = new Set(values.flatMap(unsetPlaces))
  return problems.filter(({ position }) => !unset.has(position))
}
