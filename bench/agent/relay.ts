/**
 * Relays blocks of encoded events through a lane to a forward server, as an agent does that receives them from another one:
 * node relay.js PORT EVENTS MODE FOLDER. Prints what the disk was given, as JSON.
 */

import { countEntries } from '../../src/event/entry-skipper.js'
import type { InputContext } from '../../src/plugin/context.js'
import { agentOf, blockOfEvents, eventsPerBlock } from './pipeline.js'

const [port = '', events = '0', mode = 'memory', folder = ''] = process.argv.slice(2)
/** Blocks that may wait for their ack, as a sender has messages on their way. */
const mostWaiting = 32
const block = blockOfEvents()

/** Blocks whose senders wait to hear that they are safe. */
class Waiting {
  #count = 0
  #wake = (): void => undefined

  add(): void {
    this.#count++
  }

  readonly told = (error?: Error): void => {
    if (error) throw error
    this.#count--
    this.#wake()
  }

  /** Resolves once there are fewer than this. */
  async fewerThan(count: number): Promise<void> {
    while (this.#count >= count) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

/** Takes each block as a listener does: looked at from end to end, appended as it is, and its sender told when it is safe. */
async function relay(context: InputContext): Promise<void> {
  const waiting = new Waiting()
  for (let sent = 0; sent < Number(events); sent += eventsPerBlock) {
    await waiting.fewerThan(mostWaiting)
    waiting.add()
    if (!context.emitEntries('relay', block, countEntries(block), waiting.told)) await context.room()
  }
  await waiting.fewerThan(1)
}

const storage = mode === 'memory' ? {} : { 'storage.path': folder, 'storage.mode': mode, 'storage.disk_limit': '4GiB' }
const agent = await agentOf(
  {
    service: { flush: '100ms', ...storage },
    inputs: [{ name: 'lib', ack: mode === 'memory' ? 'delivered' : 'stored' }],
    outputs: [{ name: 'forward', match: '*', host: '127.0.0.1', port: Number(port), max_in_flight: 4 }],
  },
  relay,
)
await agent.start()
await agent.done
await agent.stop()
const ingestedBytes = (Number(events) / eventsPerBlock) * block.length
process.stdout.write(`${JSON.stringify({ ingestedBytes, disk: agent.disk })}\n`)
