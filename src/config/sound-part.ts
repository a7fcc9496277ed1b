import { emptyDocument } from './document.js'
import type { FoundInstance } from './check-instances.js'
import { checkLanes, defaultLane } from './check-lanes.js'
import { checkService } from './check-service.js'
import type { Lookup } from './lookup.js'
import type { CheckedInput, CheckedParser, CheckedPipeline, CheckedRoute, InstanceKind } from './pipeline.js'

interface Found {
  readonly parsers: readonly CheckedParser[]
  /** Those that lack nothing that they name. */
  readonly instances: readonly FoundInstance[]
}

/** The instances that were read without an error, with a service and a lane that nothing can be wrong about, and no routes. */
export async function soundPart({ parsers, instances }: Found, lookup: Lookup): Promise<CheckedPipeline> {
  const document = emptyDocument({ file: '' })
  const service = await checkService(document, { lookup, problems: [] })
  const lanes = checkLanes({ document, service, inputs: [] }, [])
  const soundOf = (kind: InstanceKind): object[] =>
    instances
      .filter((instance) => instance.isSound && instance.kind === kind)
      .map(({ id, node: { position }, plugin, options }) => ({ id, position, plugin, options, match: () => false }))
  const inputs = (soundOf('input') as CheckedInput[]).map(inDefaultLane)
  const filters = soundOf('filter') as CheckedRoute<'filter'>[]
  const outputs = soundOf('output') as CheckedRoute<'output'>[]
  return { service, lanes, parsers, inputs, filters, outputs }
}

function inDefaultLane(input: CheckedInput): CheckedInput {
  return { ...input, options: { ...input.options, lane: defaultLane } }
}
