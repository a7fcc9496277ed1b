import { didYouMean } from '../base/nearest.js'
import type { MapEntry, MapNode, Position, Problem } from './node.js'
import { problemAt } from './node.js'

export type ClassicSection = 'service' | 'input' | 'filter' | 'output' | 'parser' | 'upstream' | 'node'

/** What a classic file says, in its order. */
export type ClassicPart =
  | { readonly kind: 'section'; readonly section: ClassicSection; readonly map: MapNode }
  | { readonly kind: 'include'; readonly pattern: string; readonly position: Position }
  | { readonly kind: 'set'; readonly entry: MapEntry }

export interface ParsedClassic {
  readonly parts: readonly ClassicPart[]
  readonly problems: readonly Problem[]
}

const sections: readonly ClassicSection[] = ['service', 'input', 'filter', 'output', 'parser', 'upstream', 'node']

/** Sections of Fluent Bit that Sluice does not have, and what to do instead. */
const unsupported: { readonly [section: string]: string } = {
  multiline_parser: 'there is no multiline parser',
  stream_task: 'there is no stream processor; write filters instead',
  http: 'servers are written in YAML, and @INCLUDE takes files of YAML too',
  plugins: 'plugins are found in their folders',
  custom: 'there are no such plugins',
}

interface OpenSection {
  readonly entries: MapEntry[]
  indent: string | undefined
}

/** The indented format: `[SECTION]` lines, indented `key value` lines, `@INCLUDE` and `@SET`, comments behind `#`. */
export function parseClassic(source: string, file: string): ParsedClassic {
  const parts: ClassicPart[] = []
  const problems: Problem[] = []
  /** Undefined before the first section; `null` in a section that is not known, whose lines are skipped. */
  let open: OpenSection | null | undefined
  for (const [index, raw] of source
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trimEnd()
    const text = line.trimStart()
    const position = { file, line: index + 1, column: line.length - text.length + 1 }
    if (text === '' || text.startsWith('#')) continue
    if (text.startsWith('@')) addCommand(text, position, parts, problems)
    else if (text.startsWith('[')) open = openSection(text, position, parts, problems)
    else if (open === undefined)
      problems.push(problemAt(position, `expected a section such as "[INPUT]" first, got "${text}"`))
    else if (open !== null) addEntry(open, line, position, problems)
  }
  return { parts: withNodes(parts, problems), problems }
}

type SectionPart = Extract<ClassicPart, { readonly kind: 'section' }>

/** Each `[NODE]` is one of the `nodes` of the `[UPSTREAM]` before it. */
function withNodes(parts: readonly ClassicPart[], problems: Problem[]): readonly ClassicPart[] {
  const joined: ClassicPart[] = []
  for (const part of parts) {
    if (part.kind !== 'section' || part.section !== 'node') {
      joined.push(part)
      continue
    }
    const at = joined.findLastIndex((other) => other.kind === 'section' && other.section === 'upstream')
    if (at < 0) problems.push(problemAt(part.map.position, 'expected "[UPSTREAM]" before "[NODE]"'))
    else joined[at] = withNode(joined[at] as SectionPart, part.map)
  }
  return joined
}

function withNode(upstream: SectionPart, node: MapNode): ClassicPart {
  const { entries, position } = upstream.map
  const before = entries.find(({ key, value }) => key === 'nodes' && value.kind === 'list')
  const items = before?.value.kind === 'list' ? before.value.items : []
  const nodes = { key: 'nodes', position, value: { kind: 'list', items: [...items, node], position } } as const
  return { ...upstream, map: { ...upstream.map, entries: [...entries.filter((entry) => entry !== before), nodes] } }
}

function addCommand(text: string, position: Position, parts: ClassicPart[], problems: Problem[]): void {
  const [command, rest] = splitFirst(text)
  const column = (position.column ?? 1) + text.length - rest.length
  if (command.toUpperCase() === '@INCLUDE' && rest !== '') {
    parts.push({ kind: 'include', pattern: rest, position: { ...position, column } })
    return
  }
  const pair = /^([^=\s]+)\s*=\s*(.*)$/.exec(rest)
  if (command.toUpperCase() === '@SET' && pair) {
    const [, key = '', value = ''] = pair
    const at = { ...position, column }
    const valueAt = { ...position, column: column + rest.length - value.length }
    parts.push({ kind: 'set', entry: { key, position: at, value: textNode(value, valueAt) } })
    return
  }
  problems.push(problemAt(position, `expected "@INCLUDE file" or "@SET name=value", got "${text}"`))
}

function openSection(text: string, position: Position, parts: ClassicPart[], problems: Problem[]): OpenSection | null {
  const name = /^\[\s*([^\]]*?)\s*\]$/.exec(text)?.[1]?.toLowerCase()
  const section = sections.find((known) => known === name)
  if (section !== undefined) {
    const entries: MapEntry[] = []
    parts.push({ kind: 'section', section, map: { kind: 'map', entries, position } })
    return { entries, indent: undefined }
  }
  problems.push(problemAt(position, sectionMessage(text, name)))
  return null
}

function sectionMessage(text: string, name: string | undefined): string {
  if (name === undefined) return `expected a section such as "[INPUT]", got "${text}"`
  const advice = unsupported[name]
  if (advice !== undefined) return `section "${text}" is not offered; ${advice}`
  const hint = didYouMean(name, sections)
  return `unknown section "${text}"${hint === '' ? `; there are ${sections.join(', ')}` : hint.replace(/".*"/, (word) => word.toUpperCase())}`
}

/** The first line of a section says how far the others are indented. */
function addEntry(open: OpenSection, line: string, position: Position, problems: Problem[]): void {
  const text = line.trimStart()
  const indent = line.slice(0, -text.length)
  if (indent === '') problems.push(problemAt(position, 'expected this line to be indented'))
  else open.indent ??= indent
  if (indent !== '' && indent !== open.indent) {
    problems.push(problemAt(position, 'expected this line to be indented like the first of its section'))
  }
  const [key, value] = splitFirst(text)
  if (value === '') problems.push(problemAt(position, `expected a value behind "${key}"`))
  else {
    const valueAt = { ...position, column: line.length - value.length + 1 }
    open.entries.push({ key: key.toLowerCase(), position, value: textNode(value, valueAt) })
  }
}

function splitFirst(text: string): [string, string] {
  const found = /^(\S+)\s+(.*)$/s.exec(text)
  return found ? [found[1] ?? '', found[2] ?? ''] : [text, '']
}

/** All values of this format are text: what an option wants of it is the option's business. */
function textNode(text: string, position: Position): MapEntry['value'] {
  return { kind: 'scalar', text, value: text, plain: false, position }
}
