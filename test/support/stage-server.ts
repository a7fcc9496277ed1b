import type { TestContext } from 'node:test'

import type { StageDefinition } from '../../src/http/index.js'
import { systemClock } from '../../src/base/clock.js'
import type { Options } from '../../src/plugin/options.js'
import { type RunningServer, type ServerParts, startServer } from './http-server.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'

type Definition<O extends Options> = StageDefinition<O> & { readonly kind: 'stage' }

/** A server with one stage, made of its options as a file has them. */
export function serveStage<O extends Options>(
  t: TestContext,
  definition: Definition<O>,
  options: { readonly [name: string]: unknown },
  parts: Partial<ServerParts> = {},
): Promise<RunningServer> {
  const context = parts.context ?? new RecordingInputContext(systemClock)
  const values = optionsOf(definition, options)
  const { path, hosts } = values as { readonly path: string; readonly hosts?: readonly string[] }
  const placed = { id: 'test.0', path, hosts: hosts ?? [], stage: definition.create(values, context) }
  return startServer(t, { ...parts, context, stages: [placed] })
}
