import { afterEach } from 'node:test'
import forward from '../../outputs/forward/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import type { Batch, Output } from '../../src/plugin/define.js'
import { batchOf } from './batch.js'
import { type ForwardMessage, ForwardServer } from './forward-server.js'
import { optionsOf } from './options.js'
import { RecordingOutputContext } from './output-context.js'

/** Servers and outputs of one test file; all that a test made ends with it. */
export class ForwardPairs {
  readonly #ended: (() => Promise<void> | void | undefined)[] = []

  constructor() {
    afterEach(async () => {
      for (const end of this.#ended.splice(0).toReversed()) await end()
    })
  }

  atEnd(end: () => Promise<void> | void | undefined): void {
    this.#ended.push(end)
  }

  async server(
    answer?: (message: ForwardMessage) => void,
    at?: Parameters<ForwardServer['listen']>[0],
  ): Promise<ForwardServer> {
    const server = await new ForwardServer().listen(at)
    if (answer) server.answer = answer
    this.atEnd(() => server.close())
    return server
  }

  async output(
    port: number,
    options: { readonly [name: string]: unknown } = {},
    clock: Clock = systemClock,
  ): Promise<Output> {
    const output = await forward.create(optionsOf(forward, { port, ...options }), new RecordingOutputContext(clock))
    this.atEnd(() => output.close?.())
    return output
  }
}

/** A batch of so many events `{n: 0}`, `{n: 1}`, … */
export function numbered(count: number, tag = 'test'): Batch {
  return batchOf(Array.from({ length: count }, (_, n) => ({ tag, seconds: n, record: { n } })))
}
