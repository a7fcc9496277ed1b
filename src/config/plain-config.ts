import type { ConfigDocument } from './document.js'
import { type MapNode, nodeOf, type Position } from './node.js'

/** A configuration as a program states it. */
export interface PlainConfig {
  readonly service?: { readonly [option: string]: unknown }
  readonly parsers?: readonly PlainInstance[]
  readonly inputs?: readonly PlainInstance[]
  readonly filters?: readonly PlainInstance[]
  readonly outputs?: readonly PlainInstance[]
}

export interface PlainInstance {
  readonly name: string
  readonly [option: string]: unknown
}

/** An HTTP server as a program states it. */
export interface PlainServer {
  readonly stages: readonly PlainInstance[]
  readonly [option: string]: unknown
}

/** A group of servers as a program states it. */
export interface PlainUpstream {
  readonly name: string
  readonly nodes: readonly { readonly host: string; readonly [option: string]: unknown }[]
}

export type PlainSection = 'parsers' | 'inputs' | 'filters' | 'outputs'

/**
 * A document of plain values. `label` says what problems call the place of an instance, such as `-i cpu`; variables are not
 * looked for, since a shell or a program has put its own values in.
 */
export function documentOf(
  plain: PlainConfig,
  label: (section: 'service' | PlainSection, name: string) => string,
): ConfigDocument {
  const maps = (section: PlainSection): MapNode[] =>
    (plain[section] ?? []).map((instance) => mapNodeOf(instance, { file: label(section, instance.name) }))
  const position = { file: label('service', 'service') }
  return {
    position,
    env: [],
    service: mapNodeOf(plain.service ?? {}, position).entries,
    parsers: maps('parsers'),
    upstreams: [],
    http: [],
    inputs: maps('inputs'),
    filters: maps('filters'),
    outputs: maps('outputs'),
  }
}

export function mapNodeOf(values: { readonly [name: string]: unknown }, position: Position): MapNode {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return {
    kind: 'map',
    entries: given.map(([key, value]) => ({ key, position, value: nodeOf(value, position) })),
    position,
  }
}
