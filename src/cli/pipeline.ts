import { hostname } from 'node:os'

import { checkConfig } from '../config/check.js'
import type { ConfigDocument } from '../config/document.js'
import { loadConfig } from '../config/load-config.js'
import { type Problem, problemAt, problemText } from '../config/node.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import { documentOf, type PlainConfig, type PlainSection } from '../config/plain-config.js'
import { Agent, BuildError } from '../engine/agent.js'
import type { Log } from '../observe/log.js'
import * as registry from '../registry/registry.js'
import { type RunArguments, UsageError } from './direct-form.js'
import { expandOutputUrl } from './output-url.js'
import type { Terminal } from './terminal.js'

/** What the arguments say, from a file or directly, checked. Prints every problem; undefined when one of them is an error. */
export async function checkedPipeline(given: RunArguments, terminal: Terminal): Promise<CheckedPipeline | undefined> {
  const { document, problems } =
    given.config === undefined ? await directDocument(given.direct) : fileDocument(given.config)
  const checked = await checkConfig(document, registry)
  const all = [...problems, ...checked.problems]
  for (const problem of all) terminal.err(painted(problem, terminal))
  return all.some(({ severity }) => severity === 'error') ? undefined : checked.pipeline
}

/** The agent of a checked pipeline. Prints what its plugins refused; undefined when one of them did. */
export async function builtAgent(checked: CheckedPipeline, log: Log, terminal: Terminal): Promise<Agent | undefined> {
  try {
    return await Agent.build(checked, { log })
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    for (const { id, position, message } of error.failures) {
      terminal.err(painted(problemAt(position ?? { file: id }, `${id}: ${message}`), terminal))
    }
    return undefined
  }
}

interface ReadDocument {
  readonly document: ConfigDocument
  readonly problems: readonly Problem[]
}

function fileDocument(path: string): ReadDocument {
  return loadConfig(path, { HOSTNAME: hostname(), ...process.env })
}

const flags: { readonly [section in 'service' | PlainSection]: string } = {
  service: 'command line',
  parsers: '-R',
  inputs: '-i',
  filters: '-F',
  outputs: '-o',
}

async function directDocument(direct: PlainConfig): Promise<ReadDocument> {
  if (!direct.inputs?.length || !direct.outputs?.length) {
    throw new UsageError('expected a configuration with -c FILE, or an input and an output such as: -i cpu -o stdout')
  }
  const outputs = await Promise.all(direct.outputs.map(expandOutputUrl))
  const label = (section: 'service' | PlainSection, name: string): string =>
    section === 'service' ? flags.service : `${flags[section]} ${name}`
  return { document: documentOf({ ...direct, outputs }, label), problems: [] }
}

function painted(problem: Problem, terminal: Terminal): string {
  const level = problem.severity === 'error' ? 'error' : 'warn'
  return problemText(problem).replace(`: ${problem.severity}: `, `: ${terminal.paint(level, problem.severity)}: `)
}
