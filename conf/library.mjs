// Sluice inside a program, from the project's folder: node conf/library.mjs
//
// The program pushes readings, each of which is safe once its promise resolves; a callback gets them in batches, and so would any other
// output. See docs/library.md.

import { Agent } from 'sluice'

const agent = await Agent.create({
  service: { flush: '100ms', grace: '5s', log_level: 'warn' },
  pipeline: {
    inputs: [{ name: 'lib', ack: 'delivered' }],
    filters: [{ name: 'modify', match: 'sensor.*', add: 'site north' }],
    outputs: [
      { name: 'lib', match: 'sensor.*', callback: show },
      { name: 'null', match: '*' },
    ],
  },
})

function show(events) {
  for (const { tag, record } of events) console.log(`${tag} ${JSON.stringify(record)}`)
}

await agent.start()
for (const celsius of [21.5, 21.75, 22]) await agent.emit('sensor.room', { celsius })
await agent.stop()
console.log(JSON.stringify(agent.ledger.outputs))
