import { hostname } from 'node:os'
import { type Checked, checkConfig, inOrder } from './check.js'
import { loadConfig } from './load-config.js'
import type { Lookup } from './lookup.js'
import type { Variables } from './variables.js'

/** A configuration file to a pipeline for the engine, or to all of its mistakes at once. `HOSTNAME` is always set. */
export async function checkFile(path: string, environment: Variables, lookup: Lookup): Promise<Checked> {
  const { document, problems } = loadConfig(path, { HOSTNAME: hostname(), ...environment })
  const checked = await checkConfig(document, lookup)
  const told = inOrder([...problems, ...checked.problems])
  const wrong = problems.some(({ severity }) => severity === 'error')
  return checked.pipeline && !wrong ? { pipeline: checked.pipeline, problems: told } : { problems: told }
}
