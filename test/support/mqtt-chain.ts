import { connect } from 'mqtt'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { agentProgram } from './agent.js'
import { folderOf } from './folder.js'
import { HttpDestination } from './http-destination.js'
import { Mosquitto } from './mosquitto.js'
import { freePort } from './ports.js'
import { TestProcess } from './process.js'

export interface ChainSetting {
  /** Of the devices, and between the agents and the broker. */
  readonly qos: 1 | 2
  /** What the second agent subscribes to. */
  readonly filter: string
}

/** A program that can be killed and started again. */
export interface Link {
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
}

export interface Chain {
  readonly links: { readonly first: Link; readonly second: Link; readonly broker: Link }
  /** Numbers that the end of the chain got, as often as it did. */
  readonly received: () => readonly number[]
  /** Numbers that devices were told are taken. */
  readonly acknowledged: ReadonlySet<number>
  /** Devices send nothing new from now on. Resolves when all that was sent is acknowledged. */
  readonly finish: () => Promise<void>
}

/** Devices publish to an agent, that to a broker, and another agent from there to a server that counts. */
export async function mqttChain(t: TestContext, setting: ChainSetting): Promise<Chain> {
  const broker = await Mosquitto.start()
  t.after(() => broker.end())
  const counter = await new HttpDestination().listen()
  t.after(() => counter.close())
  const port = await freePort()
  const folder = folderOf(t, {})
  const first = agent(t, folder, 'first', firstPipeline(setting, port, broker.port))
  const second = agent(t, folder, 'second', secondPipeline(setting, broker.port, counter.port))
  await Promise.all([first.start(), second.start()])
  const { acknowledged, finish } = devices(t, port, setting.qos)
  return {
    links: { first, second, broker: { start: () => broker.start(), kill: () => broker.stop() } },
    received: () => counter.requests.flatMap(({ body }) => numbersIn(body)),
    acknowledged,
    finish,
  }
}

const firstPipeline = ({ qos }: ChainSetting, port: number, brokerPort: number) => ({
  inputs: [{ name: 'mqtt', port, tag: 'device', ack: 'stored', topic_key: 'false' }],
  outputs: [
    { name: 'mqtt', match: '*', port: brokerPort, topic: 'out/a', qos, clean_session: qos === 1, client_id: 'first' },
  ],
})

const secondPipeline = ({ qos, filter }: ChainSetting, brokerPort: number, counterPort: number) => ({
  inputs: [
    {
      name: 'mqtt',
      mode: 'subscribe',
      port: brokerPort,
      protocol_version: '5',
      topics: [filter],
      qos,
      tag: 'b',
      ack: 'stored',
      client_id: 'second',
    },
  ],
  outputs: [{ name: 'http', match: '*', port: counterPort, format: 'json' }],
})

/** The built program with a disk of its own; `start` resolves once it takes events. */
function agent(t: TestContext, folder: string, name: string, pipeline: object): Link {
  const path = join(folder, `${name}.yaml`)
  mkdirSync(join(folder, name))
  const service = { flush: '20ms', 'scheduler.base': '50ms', 'scheduler.cap': '200ms' }
  const storage = { path: join(folder, name), mode: 'durable' }
  writeFileSync(path, JSON.stringify({ service: { ...service, storage }, pipeline }))
  let running: TestProcess | undefined
  t.after(() => running?.stop('SIGKILL'))
  return {
    start: async () => {
      const started = new TestProcess(process.execPath, [agentProgram, '-c', path])
      running = started
      await started.until(() => /listening|subscribed/.test(started.output), `${name} takes messages`)
    },
    kill: async () => void (await running?.stop('SIGKILL')),
  }
}

/** A device of each version of MQTT, which sends again what is not acknowledged. */
function devices(t: TestContext, port: number, qos: 1 | 2) {
  const acknowledged = new Set<number>()
  const isEnding = new AbortController()
  const sending = ([4, 5] as const).map((protocolVersion, index) => {
    const clientId = `device-${protocolVersion}`
    const properties = protocolVersion === 5 ? { properties: { sessionExpiryInterval: 3600 } } : {}
    const options = { port, clientId, protocolVersion, clean: false, reconnectPeriod: 50, ...properties }
    const client = connect(options)
    client.on('error', () => undefined) // the agent is dead at times
    t.after(() => client.end(true))
    const publish = async (n: number): Promise<void> => {
      await client.publishAsync('device/a', JSON.stringify({ n }), { qos })
      acknowledged.add(n)
    }
    const lanes = Array.from({ length: atATime }, (_, lane) => index * atATime + lane)
    return Promise.all(lanes.map((lane) => publishEach(publish, lane, isEnding.signal)))
  })
  const finish = async (): Promise<void> => {
    isEnding.abort()
    await Promise.all(sending)
  }
  return { acknowledged, finish }
}

/** Messages of a device that wait for their acknowledgement. */
const atATime = 5

/** Publishes every tenth number, one after the other. */
async function publishEach(
  publish: (n: number) => Promise<unknown>,
  first: number,
  signal: AbortSignal,
): Promise<void> {
  for (let n = first; !signal.aborted; n += 2 * atATime) while (!(await isDone(publish(n)))) continue
}

/** The library gives up messages whose connection breaks a second time while it sends them again. */
function isDone(publishing: Promise<unknown>): Promise<boolean> {
  return publishing.then(
    () => true,
    () => false,
  )
}

function numbersIn(body: Buffer): number[] {
  return (JSON.parse(body.toString()) as readonly { readonly n: number }[]).map(({ n }) => n)
}
