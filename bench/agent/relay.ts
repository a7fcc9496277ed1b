/**
 * Relays blocks of encoded events through a lane to a forward server, as an agent does that receives them from another one:
 * node relay.js PORT EVENTS MODE FOLDER. Prints what the disk was given, as JSON, on standard output.
 */

import { systemClock } from '../../src/base/clock.js'
import { checkConfig } from '../../src/config/check.js'
import { documentOf } from '../../src/config/plain-config.js'
import type { CheckedPipeline } from '../../src/config/pipeline.js'
import { Agent } from '../../src/engine/agent.js'
import { countEntries } from '../../src/event/entry-skipper.js'
import { EntryWriter } from '../../src/event/entry-writer.js'
import { Log } from '../../src/observe/log.js'
import type { InputContext } from '../../src/plugin/context.js'
import { defineInput } from '../../src/plugin/define.js'
import * as registry from '../../src/registry/registry.js'

const [port = '', events = '0', mode = 'memory', folder = ''] = process.argv.slice(2)
const eventsPerBlock = 500
/** Blocks that may wait for their ack, as a sender has messages on their way. */
const mostWaiting = 32

const writer = new EntryWriter(1 << 17)
for (let n = 0; n < eventsPerBlock; n++)
  writer.writeEvent(1_795_467_780, n, { device: 'gateway-17', n, text: 'x'.repeat(150) })
const block = writer.take()

/** Takes each block as a listener does: looked at from end to end, appended as it is, and its sender told when it is safe. */
async function relay(context: InputContext): Promise<void> {
  let waiting = 0
  let wake = (): void => undefined
  for (let sent = 0; sent < Number(events); sent += eventsPerBlock) {
    while (waiting >= mostWaiting) await new Promise<void>((resolve) => (wake = resolve))
    waiting++
    const count = countEntries(block)
    const hasRoom = context.emitEntries('relay', block, count, (error) => {
      if (error) throw error
      waiting--
      wake()
    })
    if (!hasRoom) await context.room()
  }
  while (waiting > 0) await new Promise<void>((resolve) => (wake = resolve))
}

const input = defineInput({
  summary: 'Relays blocks.',
  options: {},
  full: 'wait',
  create: (_, context) => ({ run: () => relay(context) }),
})

async function pipeline(): Promise<CheckedPipeline> {
  const storage =
    mode === 'memory' ? {} : { 'storage.path': folder, 'storage.mode': mode, 'storage.disk_limit': '4GiB' }
  const document = documentOf(
    {
      service: { flush: '100ms', ...storage },
      inputs: [{ name: 'lib', ack: mode === 'memory' ? 'delivered' : 'stored' }],
      outputs: [{ name: 'forward', match: '*', host: '127.0.0.1', port: Number(port), max_in_flight: 4 }],
    },
    (section, name) => `${section} ${name}`,
  )
  const { pipeline: checked, problems } = await checkConfig(document, registry)
  if (!checked) throw new Error(problems.map(({ message }) => message).join('\n'))
  const inputs = checked.inputs.map((each) => ({ ...each, plugin: { ...each.plugin, definition: input } }))
  return { ...checked, inputs }
}

const log = new Log({ level: 'warn', write: (line) => console.error(line), paint: (_, text) => text }, systemClock)
const agent = await Agent.build(await pipeline(), { log })
await agent.start()
await agent.done
await agent.stop()
process.stdout.write(
  `${JSON.stringify({ ingestedBytes: (Number(events) / eventsPerBlock) * block.length, disk: agent.disk })}\n`,
)
