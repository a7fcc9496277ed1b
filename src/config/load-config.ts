import { dirname, isAbsolute, join } from 'node:path'
import { AgentError } from '../plugin/errors.js'
import { type ClassicPart, type ClassicSection, parseClassic } from './classic.js'
import { type ConfigFiles, configFiles } from './config-files.js'
import { type ConfigDocument, documentOfTree, emptyDocument, joinDocuments } from './document.js'
import { withUpstreamFiles } from './upstream-files.js'
import { type MapEntry, type MapNode, type Position, type Problem, problemAt, type ScalarNode } from './node.js'
import { expandNode, type Variables, withDefaults } from './variables.js'
import { parseYaml } from './yaml.js'

export interface LoadedConfig {
  readonly document: ConfigDocument
  readonly problems: readonly Problem[]
}

/** A configuration file with all that it includes, variables put in. Whatever is wrong becomes a problem, not a throw. */
export function loadConfig(path: string, environment: Variables, files: ConfigFiles = configFiles): LoadedConfig {
  const loader = new Loader(environment, files)
  const document = loader.expand(loader.file(path, { file: path }))
  return { document: loader.withNamedFiles(document), problems: loader.problems }
}

/** A document that came from no file, with what is in the files that its service and its outputs name. */
export function loadNamedFiles(
  document: ConfigDocument,
  environment: Variables,
  files: ConfigFiles = configFiles,
): LoadedConfig {
  const loader = new Loader(environment, files)
  return { document: loader.withNamedFiles(document), problems: loader.problems }
}

/** `.conf` is classic, `.yaml` and `.yml` are YAML; of other files the first line of content tells. */
export function isClassic(path: string, source: string): boolean {
  if (/\.conf$/i.test(path)) return true
  if (/\.ya?ml$/i.test(path)) return false
  const first = /^\s*([^#\s].*)$/m.exec(source)?.[1] ?? ''
  return /^\[[\w\s]+\]\s*$|^@(include|set)\s/i.test(first)
}

class Loader {
  readonly problems: Problem[] = []
  readonly #environment: Variables
  readonly #files: ConfigFiles
  /** The files that are being read, outermost first: a file may not include itself. */
  readonly #open: string[] = []

  constructor(environment: Variables, files: ConfigFiles) {
    this.#environment = environment
    this.#files = files
  }

  /** One file and what it includes. `from` is where it is named. */
  file(path: string, from: Position): ConfigDocument {
    const identity = this.#files.identity(path)
    const position = { file: path }
    if (this.#open.includes(identity)) {
      this.problems.push(problemAt(from, `"${path}" includes itself; leave one of the includes out`))
      return emptyDocument(position)
    }
    this.#open.push(identity)
    try {
      const source = this.#files.read(path)
      return isClassic(path, source) ? this.#classic(path, source) : this.#yaml(path, source)
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
      this.problems.push(problemAt(from, error.message))
      return emptyDocument(position)
    } finally {
      this.#open.pop()
    }
  }

  #yaml(path: string, source: string): ConfigDocument {
    const { root, problems } = parseYaml(source, path)
    this.problems.push(...problems)
    if (!root) {
      if (problems.length === 0) this.problems.push(problemAt({ file: path, line: 1, column: 1 }, 'the file is empty'))
      return emptyDocument({ file: path })
    }
    const { document, includes } = documentOfTree(root, this.problems)
    const included = includes.map((node) => {
      const { value, problems: unset } = expandNode(node, this.#variables(document.env))
      this.problems.push(...unset)
      if (value.kind === 'scalar') return this.#included(value.text, path, node.position)
      this.problems.push(problemAt(node.position, 'includes: expected the name of a file'))
      return []
    })
    return { ...[...included.flat(), document].reduce(joinDocuments), position: document.position }
  }

  #classic(path: string, source: string): ConfigDocument {
    const { parts, problems } = parseClassic(source, path)
    this.problems.push(...problems)
    let document = emptyDocument({ file: path })
    for (const part of parts) {
      const more = part.kind === 'include' ? this.#classicInclude(part, path, document.env) : [documentOfPart(part)]
      document = [document, ...more].reduce(joinDocuments)
    }
    return document
  }

  #classicInclude(
    { pattern, position }: ClassicPart & { kind: 'include' },
    path: string,
    env: readonly MapEntry[],
  ): ConfigDocument[] {
    const node = { kind: 'scalar', text: pattern, value: pattern, plain: false, position } as const
    const { value, problems } = expandNode(node, this.#variables(env))
    this.problems.push(...problems)
    return this.#included(value.text, path, position)
  }

  #included(pattern: string, path: string, position: Position): ConfigDocument[] {
    const found = this.#files.find(isAbsolute(pattern) ? pattern : join(dirname(path), pattern))
    if (found.length === 0) this.problems.push(problemAt(position, `no file fits "${pattern}"`, 'warning'))
    return found.map((file) => this.file(file, position))
  }

  /** Problems of `env` itself are told when the whole document is expanded. */
  #variables(env: readonly MapEntry[]): Variables {
    return withDefaults(this.#environment, env).value
  }

  expand(document: ConfigDocument): ConfigDocument {
    const { value: variables, problems } = withDefaults(this.#environment, document.env)
    this.problems.push(...problems)
    const expand = (map: MapNode): MapNode => {
      const expanded = expandNode(map, variables)
      this.problems.push(...expanded.problems)
      return expanded.value
    }
    const { entries: service } = expand({ kind: 'map', entries: document.service, position: document.position })
    return {
      ...document,
      service,
      parsers: document.parsers.map(expand),
      upstreams: document.upstreams.map(expand),
      http: document.http.map(expand),
      inputs: document.inputs.map(expand),
      filters: document.filters.map(expand),
      outputs: document.outputs.map(expand),
    }
  }

  /** Files that are named lie beside the file that names them. */
  withNamedFiles(document: ConfigDocument): ConfigDocument {
    return withUpstreamFiles(this.#withParserFiles(document), (file) => this.#upstreamIn(file))
  }

  /** The one group of servers that a file has; undefined where that is not so, which is told. */
  #upstreamIn({ text, position }: ScalarNode): MapNode | undefined {
    const before = this.problems.length
    const documents = this.#included(text, position.file, position)
    const only = ({ env, upstreams }: ConfigDocument) => ({ ...emptyDocument(position), env, upstreams })
    const found = documents.flatMap((document) => this.expand(only(document)).upstreams)
    const [group, ...others] = found
    if (group && others.length === 0) return group
    const message = `"${text}": expected one [UPSTREAM], or one entry of upstream_servers, got ${found.length}`
    if (this.problems.length === before) this.problems.push(problemAt(position, message))
    return undefined
  }

  /** Reads the files that `service.parsers_file` names; only their parsers count. */
  #withParserFiles(document: ConfigDocument): ConfigDocument {
    const named = document.service.filter(({ key }) => key.toLowerCase() === 'parsers_file').map(({ value }) => value)
    const nodes = named
      .flatMap((node) => (node.kind === 'list' ? node.items : [node]))
      .filter((node) => node.kind === 'scalar')
    const documents = nodes.flatMap(({ text, position }) => this.#included(text, position.file, position))
    const expanded = documents.map((more) =>
      this.expand({ ...emptyDocument(more.position), env: more.env, parsers: more.parsers }),
    )
    return { ...document, parsers: [...expanded.flatMap(({ parsers }) => parsers), ...document.parsers] }
  }
}

const sectionKeys: {
  readonly [S in Exclude<ClassicSection, 'service' | 'node'>]:
    | 'parsers'
    | 'upstreams'
    | 'inputs'
    | 'filters'
    | 'outputs'
} = {
  parser: 'parsers',
  upstream: 'upstreams',
  input: 'inputs',
  filter: 'filters',
  output: 'outputs',
}

function documentOfPart(part: Exclude<ClassicPart, { kind: 'include' }>): ConfigDocument {
  if (part.kind === 'set') return { ...emptyDocument(part.entry.position), env: [part.entry] }
  const document = emptyDocument(part.map.position)
  if (part.section === 'node') return document
  if (part.section === 'service') return { ...document, service: part.map.entries }
  return { ...document, [sectionKeys[part.section]]: [part.map] }
}
