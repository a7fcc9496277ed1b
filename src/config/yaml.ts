import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml'
import { coreScalar } from './core-scalar.js'
import { positionFinder } from './lines.js'
import {
  articleOf,
  type ConfigNode,
  type MapEntry,
  type Position,
  positionText,
  type Problem,
  problemAt,
} from './node.js'

/** A configuration is small; what grows beyond this through aliases is an attack or an accident. */
const mostNodes = 50_000
const deepest = 50

export interface ParsedYaml {
  readonly root?: ConfigNode
  readonly problems: readonly Problem[]
}

/** One YAML document to a tree. Unquoted scalars follow YAML 1.2's core schema; types stated with `!` are not offered. */
export function parseYaml(source: string, file: string): ParsedYaml {
  const reader = new YamlReader(source, file)
  try {
    const root = reader.read(parseEvents(source, { filename: file, maxDepth: deepest }))
    return root ? { root, problems: reader.problems } : { problems: reader.problems }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const at = error.mark ? { file, line: error.mark.line + 1, column: error.mark.column + 1 } : { file }
    return { problems: [...reader.problems, problemAt(at, `no YAML: ${error.reason}`)] }
  }
}

interface Anchored {
  readonly node: ConfigNode
  readonly weight: number
}

class YamlReader {
  readonly problems: Problem[] = []
  readonly #source: string
  readonly #positionAt: (offset: number) => Position
  readonly #anchors = new Map<string, Anchored>()
  #events: readonly Event[] = []
  #next = 0
  #nodes = 0
  /** Where a value that is not written at all would stand. */
  #last: Position

  constructor(source: string, file: string) {
    this.#source = source
    this.#positionAt = positionFinder(source, file)
    this.#last = this.#positionAt(0)
  }

  read(events: readonly Event[]): ConfigNode | undefined {
    this.#events = events
    const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length
    this.#next = 1
    const empty = events.length === 0 || this.#peek()?.type === EVENT_ID.POP
    const root = empty ? undefined : this.#node()
    if (documents > 1) this.problems.push(problemAt(this.#last, 'expected one YAML document, got several'))
    return root
  }

  #peek(): Event | undefined {
    return this.#events[this.#next]
  }

  #node(): ConfigNode {
    const event = this.#events[this.#next++]
    if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return this.#nothing()
    if (++this.#nodes > mostNodes) throw new YAMLException(`more than ${mostNodes} values`)
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event)
    const before = this.#nodes
    const node = this.#written(event)
    if (event.anchorStart >= 0) {
      const name = this.#source.slice(event.anchorStart, event.anchorEnd)
      this.#anchors.set(name, { node, weight: this.#nodes - before })
    }
    if (event.tagStart >= 0) {
      const tag = this.#source.slice(event.tagStart, event.tagEnd)
      this.problems.push(
        problemAt(this.#positionAt(event.tagStart), `a type such as "${tag}" is not offered; leave it out`),
      )
    }
    return node
  }

  #written(event: ScalarEvent | SequenceEvent | MappingEvent): ConfigNode {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event)
    const position = this.#at(event.start)
    return event.type === EVENT_ID.SEQUENCE ? this.#list(position) : this.#map(position)
  }

  #at(offset: number): Position {
    if (offset >= 0) this.#last = this.#positionAt(offset)
    return this.#last
  }

  #nothing(): ConfigNode {
    return { kind: 'scalar', text: '', value: null, plain: true, position: this.#last }
  }

  #scalar(event: ScalarEvent): ConfigNode {
    if (event.valueStart < 0) return this.#nothing()
    const text = getScalarValue(this.#source, event)
    const plain = event.style === SCALAR_STYLE.PLAIN
    // The events of quoted scalars begin behind the quote.
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
    const position = this.#at(event.valueStart - (quoted ? 1 : 0))
    return { kind: 'scalar', text, value: plain ? coreScalar(text) : text, plain, position }
  }

  #list(position: Position): ConfigNode {
    const items: ConfigNode[] = []
    while (this.#inside()) items.push(this.#node())
    return { kind: 'list', items, position }
  }

  #map(position: Position): ConfigNode {
    const entries: MapEntry[] = []
    const merged: ConfigNode[] = []
    while (this.#inside()) {
      const key = this.#node()
      const value = this.#node()
      if (key.kind !== 'scalar') this.problems.push(problemAt(key.position, `expected a name, got ${articleOf(key)}`))
      else if (key.plain && key.text === '<<') merged.push(value)
      else this.#add(entries, { key: key.text, position: key.position, value })
    }
    for (const source of merged) this.#merge(entries, source)
    return { kind: 'map', entries, position }
  }

  /** Whether the collection goes on; steps over its end. */
  #inside(): boolean {
    const event = this.#peek()
    if (event !== undefined && event.type !== EVENT_ID.POP) return true
    this.#next++
    return false
  }

  #add(entries: MapEntry[], entry: MapEntry): void {
    const first = entries.find(({ key }) => key === entry.key)
    if (!first) entries.push(entry)
    else
      this.problems.push(
        problemAt(entry.position, `"${entry.key}" is given already at ${positionText(first.position)}`),
      )
  }

  /** `<<: *other`: what the map does not say itself. */
  #merge(entries: MapEntry[], source: ConfigNode): void {
    const maps = source.kind === 'list' ? source.items : [source]
    for (const map of maps) {
      if (map.kind !== 'map') {
        this.problems.push(problemAt(map.position, `expected a map to merge, got ${articleOf(map)}`))
        continue
      }
      this.#nodes += map.entries.length
      for (const entry of map.entries) if (!entries.some(({ key }) => key === entry.key)) entries.push(entry)
    }
  }

  #alias(event: AliasEvent): ConfigNode {
    const name = this.#source.slice(event.anchorStart, event.anchorEnd)
    const position = this.#at(event.anchorStart - 1)
    const anchored = this.#anchors.get(name)
    if (!anchored) {
      this.problems.push(problemAt(position, `unknown alias "*${name}"; the anchor "&${name}" must stand before it`))
      return this.#nothing()
    }
    this.#nodes += anchored.weight
    return { ...anchored.node, position }
  }
}
