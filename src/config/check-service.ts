import type { ConfigDocument } from './document.js'
import type { Checking } from './lookup.js'
import type { MapNode } from './node.js'
import { readNodeOptions } from './raw-options.js'
import { serviceSchema, type ServiceSettings } from './service-options.js'

/** The settings of the agent as a whole. */
export async function checkService(document: ConfigDocument, { lookup, problems }: Checking): Promise<ServiceSettings> {
  const map: MapNode = { kind: 'map', entries: document.service, position: document.position }
  const forever = document.service.some(
    ({ key, value }) => isGrace(key) && value.kind === 'scalar' && value.text.trim() === '-1',
  )
  const validate = await lookup.serviceValidator()
  const except = forever ? ['grace'] : []
  const read = readNodeOptions(map, { schema: serviceSchema, validate, label: 'service', except })
  problems.push(...read.problems)
  const { parsers_file: _, ...settings } = read.values
  return { ...(settings as unknown as ServiceSettings), ...(forever ? { grace: Infinity } : {}) }
}

function isGrace(key: string): boolean {
  return key.toLowerCase() === 'grace'
}
