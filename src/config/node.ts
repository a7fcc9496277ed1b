/** A place in what the user wrote. Lines and columns count from 1; what came from no file has none. */
export interface Position {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** What a configuration file holds, with the place of every key and value: the same tree for every format. */
export type ConfigNode = ScalarNode | ListNode | MapNode

export interface ScalarNode {
  readonly kind: 'scalar'
  /** As it is written, quotes and escapes undone. */
  readonly text: string
  readonly value: unknown
  /** Written without quotes: its type follows from its text. */
  readonly plain: boolean
  /** What it stands for is not to be had, such as a variable, which is told already: it is no mistake of its own. */
  readonly unset?: true
  readonly position: Position
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly ConfigNode[]
  readonly position: Position
}

export interface MapNode {
  readonly kind: 'map'
  /** In the order of the file. The classic format repeats a key to make a list. */
  readonly entries: readonly MapEntry[]
  readonly position: Position
}

export interface MapEntry {
  readonly key: string
  readonly position: Position
  readonly value: ConfigNode
}

/** One mistake, or one remark, with its place. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly position: Position
}

/** `file:line:column: error: message`. */
export function problemText({ severity, message, position }: Problem): string {
  return `${positionText(position)}: ${severity}: ${message}`
}

export function positionText({ file, line, column }: Position): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

export function problemAt(position: Position, message: string, severity: Problem['severity'] = 'error'): Problem {
  return { severity, message, position }
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error'
}

/** Problems of one file stand together, in its order. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ position }) => position.file))]
  const compare = (one: Position, other: Position): number =>
    files.indexOf(one.file) - files.indexOf(other.file) ||
    (one.line ?? 0) - (other.line ?? 0) ||
    (one.column ?? 0) - (other.column ?? 0)
  return [...problems].sort((one, other) => compare(one.position, other.position))
}

/** The entry of a map by its name, whatever its case. */
export function entryOf(map: MapNode, name: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key.toLowerCase() === name)
}

/** A value that came from a program and not from a file, as a tree. */
export function nodeOf(value: unknown, position: Position): ConfigNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, position)), position }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return { kind: 'scalar', text: String(value), value, plain: false, position }
  }
  const entries = Object.entries(value).map(([key, inner]) => ({ key, position, value: nodeOf(inner, position) }))
  return { kind: 'map', entries, position }
}

/** The places of all values in which a variable is not set. */
export function unsetPlaces(node: ConfigNode): Position[] {
  if (node.kind === 'list') return node.items.flatMap(unsetPlaces)
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => unsetPlaces(value))
  return node.unset ? [node.position] : []
}

export function articleOf(node: ConfigNode): string {
  if (node.kind === 'scalar') return node.value === null ? 'nothing' : JSON.stringify(node.text)
  return `a ${node.kind}`
}
