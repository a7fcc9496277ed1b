import type { TestContext } from 'node:test'

import type { Stage } from '../../src/http/index.js'
import staticStage from '../../stages/static/index.js'
import { folderOf } from './folder.js'
import { type RunningServer, startServer } from './http-server.js'
import type { RecordingInputContext } from './input-context.js'
import { placedStage } from './stages.js'

export interface StaticServer extends RunningServer {
  readonly root: string
}

export interface StaticParts {
  readonly files: { readonly [path: string]: string }
  readonly options?: { readonly [name: string]: unknown }
  /** Stages behind it. */
  readonly behind?: readonly Stage[]
  /** The stage's own, with a clock of its own. */
  readonly context?: RecordingInputContext
}

/** A server with a folder of these files below `www`, and whatever else lies beside that. */
export async function serveFiles(
  t: TestContext,
  { files, options = {}, behind = [], context }: StaticParts,
): Promise<StaticServer> {
  const folder = folderOf(t, files)
  const root = `${folder}/www`
  const stage = placedStage(staticStage, { root, ...options }, context)
  const server = await startServer(t, { stages: [stage, ...behind] })
  return { ...server, root }
}
