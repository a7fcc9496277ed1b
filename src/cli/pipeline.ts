import { hostname } from 'node:os'

import { checkConfig } from '../config/check.js'
import { type ConfigDocument, joinDocuments } from '../config/document.js'
import { type LoadedConfig, loadConfig, loadNamedFiles } from '../config/load-config.js'
import { inOrder, isError, type Problem, problemText } from '../config/node.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import { documentOf, type PlainConfig, type PlainSection } from '../config/plain-config.js'
import { BuildError, refusedBy } from '../engine/build.js'
import * as registry from '../registry/registry.js'
import { type RunArguments, UsageError } from './direct-form.js'
import { expandOutputUrl } from './output-url.js'
import type { Terminal } from './terminal.js'

/** Looks at more of the part of a configuration that is in order by itself. */
export type FurtherLook = (sound: CheckedPipeline) => Promise<readonly Problem[]>

/** What the arguments say, checked. Prints every problem; undefined when one of them is an error. */
export async function checkedPipeline(
  given: RunArguments,
  terminal: Terminal,
  furtherLook?: FurtherLook,
): Promise<CheckedPipeline | undefined> {
  const { pipeline, problems } = await readPipeline(given, furtherLook)
  tell(problems, terminal)
  return pipeline
}

export interface ReadPipeline {
  /** Undefined when one of the problems is an error. */
  readonly pipeline: CheckedPipeline | undefined
  readonly problems: readonly Problem[]
}

/** The same, with nothing printed. */
export async function readPipeline(
  given: RunArguments,
  furtherLook: FurtherLook = () => Promise.resolve([]),
): Promise<ReadPipeline> {
  const { document, problems } = await givenDocument(given)
  // Of a file that could not be read there is no more to say than that.
  if (problems.some(isError) && isEmpty(document)) return { pipeline: undefined, problems }
  const { sound, pipeline, problems: found } = await checkConfig(document, registry)
  const told = [...problems, ...found, ...(await furtherLook(sound))]
  if (!told.some(isError)) return { pipeline, problems: told }
  return { pipeline: undefined, problems: [...told, ...(await refusedBy(sound))] }
}

function isEmpty({ http, inputs, outputs }: ConfigDocument): boolean {
  return [http, inputs, outputs].every(({ length }) => length === 0)
}

function tell(problems: readonly Problem[], terminal: Terminal): void {
  for (const problem of inOrder(problems)) terminal.err(painted(problem, terminal))
}

/** What `build` makes of a checked pipeline. Prints what its plugins refused; undefined when one of them did. */
export async function built<T>(build: () => Promise<T>, terminal: Terminal): Promise<T | undefined> {
  try {
    return await build()
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    tell(error.problems, terminal)
    return undefined
  }
}

/** What the command line says comes on top of the file: its settings hold, its instances are more of them. */
async function givenDocument({ config, direct }: RunArguments): Promise<LoadedConfig> {
  if (config === undefined && (!direct.inputs?.length || !direct.outputs?.length)) {
    throw new UsageError('expected a configuration with -c FILE, or an input and an output such as: -i cpu -o stdout')
  }
  const environment = { HOSTNAME: hostname(), ...process.env }
  const line = loadNamedFiles(await directDocument(direct), environment)
  if (config === undefined) return line
  const file = loadConfig(config, environment)
  return {
    document: joinDocuments(file.document, line.document),
    problems: [...file.problems, ...line.problems],
  }
}

const flags: { readonly [section in 'service' | PlainSection]: string } = {
  service: 'command line',
  parsers: '-R',
  inputs: '-i',
  filters: '-F',
  outputs: '-o',
}

async function directDocument(direct: PlainConfig): Promise<ConfigDocument> {
  const outputs = await Promise.all((direct.outputs ?? []).map(expandOutputUrl))
  const label = (section: 'service' | PlainSection, name: string): string =>
    section === 'service' ? flags.service : `${flags[section]} ${name}`
  return documentOf({ ...direct, outputs }, label)
}

function painted(problem: Problem, terminal: Terminal): string {
  const level = problem.severity === 'error' ? 'error' : 'warn'
  return problemText(problem).replace(`: ${problem.severity}: `, `: ${terminal.paint(level, problem.severity)}: `)
}
