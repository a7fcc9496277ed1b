import { after, afterEach, before } from 'node:test'
import sparkplug from '../../outputs/sparkplug/index.js'
import { systemClock } from '../../src/base/clock.js'
import type { Output } from '../../src/plugin/define.js'
import { Mosquitto } from './mosquitto.js'
import { optionsOf } from './options.js'
import { RecordingOutputContext } from './output-context.js'
import { SparkplugHost } from './sparkplug-host.js'

/** Outputs that are the node `gw` of the group `plant`. What is in `ended` ends after each test of the file, the last first. */
export function sparkplugOutputs() {
  const ended: (() => Promise<unknown> | undefined)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0).toReversed()) await end()
  })
  const outputTo = async (port: number, options: object = {}) => {
    const raw = { port, group_id: 'plant', edge_node_id: 'gw', prefix: '', ...options }
    const context = new RecordingOutputContext(systemClock)
    const output: Output = await sparkplug.create(optionsOf(sparkplug, raw), context)
    ended.push(() => output.close?.())
    return { output, context }
  }
  return { ended, outputTo }
}

/** A broker for all tests of a suite, and for each a host application that listens there. */
export function sparkplugBroker() {
  let broker: Mosquitto
  before(async () => {
    broker = await Mosquitto.start()
  })
  after(() => broker.end())
  return {
    get port() {
      return broker.port
    },
    host: () => SparkplugHost.at(broker),
  }
}
