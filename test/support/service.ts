import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { Clock } from '../../src/base/clock.js'
import { systemClock } from '../../src/base/clock.js'
import service from '../../stages/service/index.js'
import { folderOf } from './folder.js'
import { type RunningServer, startServer } from './http-server.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'

export interface ServiceParts {
  readonly clock?: Clock
  /** Of the stage, besides its module. */
  readonly raw?: { readonly [option: string]: unknown }
  /** More files beside the module. */
  readonly files?: { readonly [path: string]: string }
  /** Of the packages that tests have, those that are installed beside it. */
  readonly packages?: readonly string[]
  readonly context?: RecordingInputContext
}

export interface RunningServiceServer extends RunningServer {
  /** Where the module is. */
  readonly folder: string
}

/** A server with a service whose module, `panel.mjs`, has this text; requests wait until it is loaded. */
export async function startService(
  t: TestContext,
  text: string,
  parts: ServiceParts = {},
): Promise<RunningServiceServer> {
  const { files = {}, raw = {}, clock = systemClock } = parts
  const folder = folderOf(t, { 'panel.mjs': text, ...files })
  for (const name of parts.packages ?? []) link(name, folder)
  const context = parts.context ?? new RecordingInputContext(clock)
  const options = optionsOf(service, { module: join(folder, 'panel.mjs'), ...raw })
  const stage = { id: 'service.0', path: options.path, stage: service.create(options, context) }
  return { ...(await startServer(t, { stages: [stage], context })), folder }
}

function link(name: string, folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  const installed = fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url))
  symlinkSync(installed, join(folder, 'node_modules', name))
}
