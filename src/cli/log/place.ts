import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { CheckedPipeline } from '../../config/pipeline.js'
import { unlessGone } from '../../log/disk/sight.js'
import type { OutputRoute } from '../../log/waiting.js'
import { UsageError } from '../direct-form.js'
import { checkedPipeline } from '../pipeline.js'
import type { Terminal } from '../terminal.js'
import { noAgentText, noPathText } from './storage.js'

/** Where a log is, and what is known of its agent. */
export interface Place {
  /** `STORAGE/log`. */
  readonly folder: string
  /** Of the configuration, where one was given. */
  readonly pipeline: CheckedPipeline | undefined
  /** Names of the lanes on disk. */
  readonly lanes: readonly string[]
}

export interface PlaceArguments {
  readonly config?: string | undefined
  readonly storage?: string | undefined
}

/** The log that the arguments name; undefined where the configuration is wrong, which was printed. Throws a UsageError. */
export async function placeOf(
  command: string,
  { config, storage }: PlaceArguments,
  terminal: Terminal,
): Promise<Place | undefined> {
  if (config === undefined) {
    if (storage === undefined)
      throw new UsageError(`${command}: expected -c FILE or -b FOLDER, the storage.path of the agent, got neither`)
    return placeIn(command, storage, undefined)
  }
  const service = storage === undefined ? {} : { 'storage.path': storage }
  const pipeline = await checkedPipeline({ config, dryRun: true, quiet: false, direct: { service } }, terminal)
  if (!pipeline) return undefined
  const path = pipeline.service['storage.path']
  if (path === undefined) throw new UsageError(`${command}: ${noPathText(config)}`)
  return placeIn(command, path, pipeline)
}

/** The outputs of a configuration; undefined without one. */
export function routesOf({ pipeline }: Place): readonly OutputRoute[] | undefined {
  return pipeline?.outputs.map(({ id, match, options }) => ({
    id,
    matches: match,
    startsOldest: options.start === 'oldest',
  }))
}

async function placeIn(command: string, storage: string, pipeline: CheckedPipeline | undefined): Promise<Place> {
  const folder = join(storage, 'log')
  const entries = await unlessGone(readdir(folder, { withFileTypes: true }))
  if (!entries) throw new UsageError(`${command}: ${await noAgentText(storage)}`)
  const lanes = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return { folder, pipeline, lanes: inOrder(lanes, pipeline) }
}

/** Those of the configuration first, in its order. */
function inOrder(lanes: readonly string[], pipeline: CheckedPipeline | undefined): readonly string[] {
  const configured = (pipeline?.lanes ?? []).map(({ name }) => name).filter((name) => lanes.includes(name))
  return [...configured, ...lanes.filter((name) => !configured.includes(name)).sort()]
}
