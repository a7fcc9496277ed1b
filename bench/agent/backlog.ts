/**
 * Fills a disk with a backlog, or delivers it: node backlog.js fill|drain FOLDER BYTES PORT. Prints, as JSON, how long the start took
 * and how long all of it, in milliseconds, and how many events there were.
 */

import type { InputContext } from '../../src/plugin/context.js'
import { agentOf, blockOfEvents, eventsPerBlock } from './pipeline.js'

const [what = '', folder = '', bytes = '0', port = ''] = process.argv.slice(2)
const block = blockOfEvents()
const blocks = what === 'fill' ? Math.ceil(Number(bytes) / block.length) : 0

async function emit(context: InputContext): Promise<void> {
  for (let sent = 0; sent < blocks; sent++)
    if (!context.emitEntries('backlog', block, eventsPerBlock)) await context.room()
}

const agent = await agentOf(
  {
    service: {
      flush: '100ms',
      grace: what === 'fill' ? '0s' : '600s',
      'storage.path': folder,
      'storage.mode': 'spill',
      'storage.disk_limit': '8GiB',
    },
    inputs: [{ name: 'lib' }],
    outputs: [{ name: 'forward', match: '*', host: '127.0.0.1', port: Number(port), max_in_flight: 4 }],
  },
  emit,
)
const startedAt = performance.now()
await agent.start()
const startMs = performance.now() - startedAt
await agent.done
await agent.stop()
const totalMs = performance.now() - startedAt
const { outputs } = agent.ledger
const { delivered = 0, pending = 0 } = outputs['forward.0'] ?? {}
process.stdout.write(`${JSON.stringify({ startMs, totalMs, delivered, pending })}\n`)
