import { emptyDocument } from './document.js'
import { checkedInstance, type FoundInstance } from './check-instances.js'
import { checkLanes, defaultLane } from './check-lanes.js'
import { checkService } from './check-service.js'
import { checkedServer, type FoundServer } from './check-servers.js'
import type { Lookup } from './lookup.js'
import type {
  CheckedInput,
  CheckedParser,
  CheckedPipeline,
  CheckedRoute,
  CheckedServer,
  CheckedStage,
  InstanceKind,
} from './pipeline.js'

interface Found {
  readonly parsers: readonly CheckedParser[]
  readonly servers: readonly FoundServer[]
  /** Those that lack nothing that they name. */
  readonly instances: readonly FoundInstance[]
}

/** The instances that were read without an error, with a service and a lane that nothing can be wrong about, and no routes. */
export async function soundPart({ parsers, servers, instances }: Found, lookup: Lookup): Promise<CheckedPipeline> {
  const document = emptyDocument({ file: '' })
  const service = await checkService(document, { lookup, problems: [] })
  const lanes = checkLanes({ document, service, inputs: [] }, [])
  const soundOf = (kind: InstanceKind): object[] =>
    instances
      .filter((instance) => instance.isSound && instance.kind === kind)
      .map((instance) => ({ ...checkedInstance(instance), match: () => false }))
  const inputs = (soundOf('input') as CheckedInput[]).map(inDefaultLane)
  const filters = soundOf('filter') as CheckedRoute<'filter'>[]
  const outputs = soundOf('output') as CheckedRoute<'output'>[]
  const stages = soundOf('stage') as CheckedStage[]
  return { service, lanes, parsers, servers: soundServers(servers, stages), inputs, filters, outputs }
}

function soundServers(servers: readonly FoundServer[], sound: readonly CheckedStage[]): CheckedServer[] {
  const stagesOf = (server: FoundServer): CheckedStage[] =>
    sound.filter(({ id }) => server.stages.some((stage) => stage.id === id))
  return servers
    .filter(({ isSound }) => isSound)
    .map((server) => inDefaultLane({ ...checkedServer(server), stages: stagesOf(server) }))
}

function inDefaultLane<I extends Pick<CheckedInput | CheckedServer, 'options'>>(input: I): I {
  return { ...input, options: { ...input.options, lane: defaultLane } }
}
