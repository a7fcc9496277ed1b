import { systemClock } from '../../src/base/clock.js'
import { checkConfig } from '../../src/config/check.js'
import { documentOf, type PlainConfig } from '../../src/config/plain-config.js'
import { Agent } from '../../src/engine/agent.js'
import { EntryWriter } from '../../src/event/entry-writer.js'
import { Log } from '../../src/observe/log.js'
import type { InputContext } from '../../src/plugin/context.js'
import { defineInput } from '../../src/plugin/define.js'
import * as registry from '../../src/registry/registry.js'

export const eventsPerBlock = 500

/** A block of encoded events of about 200 bytes. */
export function blockOfEvents(): Uint8Array {
  const writer = new EntryWriter(1 << 17)
  for (let n = 0; n < eventsPerBlock; n++)
    writer.writeEvent(1_795_467_780, n, { device: 'gateway-17', n, text: 'x'.repeat(150) })
  return writer.take()
}

/** An agent whose first input runs `run` instead of what its plugin does. */
export async function agentOf(config: PlainConfig, run: (context: InputContext) => Promise<void>): Promise<Agent> {
  const document = documentOf(config, (section, name) => `${section} ${name}`)
  const { pipeline, problems } = await checkConfig(document, registry)
  if (!pipeline) throw new Error(problems.map(({ message }) => message).join('\n'))
  const definition = defineInput({
    summary: 'Runs what the bench wants.',
    options: {},
    full: 'wait',
    create: (_, context) => ({ run: () => run(context) }),
  })
  const inputs = pipeline.inputs.map((each) => ({ ...each, plugin: { ...each.plugin, definition } }))
  const log = new Log({ level: 'error', write: (line) => console.error(line), paint: (_, text) => text }, systemClock)
  return Agent.build({ ...pipeline, inputs }, { log })
}
