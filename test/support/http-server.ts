import type { TestContext } from 'node:test'

import { systemClock } from '../../src/base/clock.js'
import {
  type HttpLimits,
  limitOptions,
  type PlacedStage,
  readLimits,
  serveHttp,
  type Stage,
} from '../../src/http/index.js'
import type { HttpServerSettings } from '../../src/http/http-server.js'
import { parseListen } from '../../src/net/listen-address.js'
import { RecordingInputContext } from './input-context.js'
import { valuesOf } from './options.js'

export interface RunningServer {
  /** Such as `http://127.0.0.1:49152`, with no slash behind it. */
  readonly url: string
  /** Of the first address. */
  readonly port: number
  /** All that it listens on, as they came to be. */
  readonly addresses: readonly string[]
  readonly context: RecordingInputContext
  /** Tells the server to stop and waits until it has. */
  readonly stop: () => Promise<void>
}

export interface ServerParts extends Partial<Omit<HttpServerSettings, 'stages' | 'limits'>> {
  readonly stages: readonly (Stage | PlacedStage)[]
  readonly limits?: Partial<HttpLimits>
  readonly context?: RecordingInputContext
}

/** The limits as they are where nobody says otherwise. */
export const defaultLimits: HttpLimits = readLimits(valuesOf(limitOptions))

/** A server on a free port of loopback, unless told otherwise, until the test ends. */
export async function startServer(t: TestContext, parts: ServerParts): Promise<RunningServer> {
  const { context = new RecordingInputContext(systemClock) } = parts
  const stop = new AbortController()
  const stages = parts.stages.map((stage, at) => ('stage' in stage ? stage : { id: `stage.${at}`, stage }))
  const listen = parts.listen ?? [parseListen('127.0.0.1', 0)]
  const limits = { ...defaultLimits, ...parts.limits }
  const { promise: listening, resolve: listened } = deferred<readonly string[]>()
  const ended = serveHttp({ ...parts, listen, limits, stages, listening: listened }, context, stop.signal)
  const running = {
    stop: (): Promise<void> => {
      stop.abort()
      return ended
    },
  }
  t.after(() => running.stop())
  const addresses = await Promise.race([listening, ended.then(() => [])])
  const [address = ''] = addresses
  return { ...running, context, addresses, url: `http://${address}`, port: Number(address.split(':').at(-1)) }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}
