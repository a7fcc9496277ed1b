import { type ConfigDocument, documentOfTree } from '../config/document.js'
import { type ConfigNode, entryOf, isError, type MapNode, nodeOf, type Problem, problemAt } from '../config/node.js'
import { mapNodeOf } from '../config/plain-config.js'

const sections = ['service', 'parsers', 'upstream_servers', 'http', 'pipeline', 'log']
const listSections = ['parsers', 'upstream_servers', 'http']
const pipelineSections = ['inputs', 'filters', 'outputs']

/** A program's configuration, whatever it is, as a document with an input `lib`; what it cannot be read as becomes problems. */
export function programDocument(config: unknown, problems: Problem[]): ConfigDocument {
  const whole = { name: 'the configuration', sections }
  const { document } = documentOfTree(treeOf(config, 'config', sectionOf), problems, whole)
  checkLog(config, problems)
  // Of what could not be read there is no more to say than that.
  const isEmpty = [document.http, document.inputs, document.outputs].every(({ length }) => length === 0)
  return isEmpty && problems.some(isError) ? document : withLib(document)
}

function sectionOf(key: string, value: unknown): ConfigNode {
  if (listSections.includes(key)) return listOf(value, key)
  return treeOf(value, key, (section, list) =>
    key === 'pipeline' && pipelineSections.includes(section) ? listOf(list, section) : nodeOf(list, { file: key }),
  )
}

/** Problems name the place of an instance by its section and its name, such as `inputs exec`. */
function listOf(value: unknown, section: string): ConfigNode {
  const position = { file: section }
  if (!Array.isArray(value)) return nodeOf(value, position)
  const items = value.map((item: unknown) => {
    const name = isMap(item) ? item['name'] : undefined
    const file = typeof name === 'string' ? `${section} ${name}` : section
    return treeOf(item, file, (_, option) => nodeOf(option, { file }))
  })
  return { kind: 'list', items, position }
}

/** The keys of a map that hold something, each as the node that `child` makes of it; any other value as it is. */
function treeOf(value: unknown, place: string, child: (key: string, value: unknown) => ConfigNode): ConfigNode {
  const position = { file: place }
  if (!isMap(value)) return nodeOf(value ?? null, position)
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return { kind: 'map', entries: given.map(([key, inner]) => ({ key, position, value: child(key, inner) })), position }
}

function checkLog(config: unknown, problems: Problem[]): void {
  const log = isMap(config) ? config['log'] : undefined
  if (log === undefined || typeof log === 'function') return
  problems.push(problemAt({ file: 'config' }, `log: expected a function that takes a line, got ${typeof log}`))
}

function withLib(document: ConfigDocument): ConfigDocument {
  const lib = mapNodeOf({ name: 'lib' }, { file: 'inputs lib' })
  return document.inputs.some(isLib) ? document : { ...document, inputs: [...document.inputs, lib] }
}

function isLib(input: MapNode): boolean {
  const name = entryOf(input, 'name')?.value
  return name?.kind === 'scalar' && name.text.toLowerCase() === 'lib'
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
