import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/base/clock.js'
import { framings, type Transmission } from '../src/modbus/framings.js'
import { ModbusClient } from '../src/modbus/client.js'
import { queryOf, type ReadRequest } from '../src/modbus/pdu.js'
import { SocketLine } from '../src/modbus/socket-line.js'
import { compileDevices } from '../inputs/modbus/device.js'
import { cpuMicros, measure, median, printCosts } from './measure.js'

/** What Modbus costs: frames alone, values of a block, and requests to a device in another process of this machine. */

const request: ReadRequest = { unit: 1, table: 'holding', start: 0, count: 125 }
const requests = 5000
const rounds = 7

if (process.argv[2] === 'serve') serve()
else await main()

/** A device that says the same to every request for 125 registers over Modbus TCP. */
function serve(): void {
  const pdu = Buffer.alloc(252)
  pdu.set([3, 250])
  const server = createServer((socket) => {
    socket.setNoDelay().on('data', (bytes) => {
      const query = { ...queryOf(request, bytes.readUInt16BE(0)), pdu }
      socket.write(framings.tcp.encode(query))
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

async function main(): Promise<void> {
  const names = Object.keys(framings) as Transmission[]
  const frames = names.map((name) => ({
    name: `${name} frame of 125 registers`,
    cost: frameCost(name),
    unit: 'request',
  }))
  printCosts('modbus: frames and values', [
    ...frames,
    { name: '62 values f32, scaled', cost: valuesCost(), unit: 'reading' },
  ])
  await overLoopback()
}

function frameCost(name: Transmission): number {
  const framing = framings[name]
  const query = queryOf(request, 1)
  const answer = Buffer.from(framing.encode({ ...query, pdu: Buffer.concat([Buffer.of(3, 250), Buffer.alloc(250)]) }))
  return measure(1, () => [framing.encode(query), framing.find(answer, query)])
}

function valuesCost(): number {
  const fields = Array.from({ length: 62 }, (_, at) => {
    return { name: `value${at}`, table: 'holding', address: at * 2, type: 'f32', scale: 0.1, offset: 1 } as const
  })
  const absent = { register: undefined, length: undefined, order: undefined, bits: undefined, unit: undefined }
  const more = { ...absent, enum: undefined, null_when: undefined }
  const own = { unit_id: 1, interval: undefined, timeout: undefined, retries: undefined, order: 'cdab' } as const
  const [device] = compileDevices({
    devices: [{ name: 'meter', ...own, fields: fields.map((field) => ({ ...field, ...more })) }],
    ...{ interval: 1000, timeout: 1000, retries: 0 },
    ...{ max_gap: 0, max_registers: 125, max_bits: 2000, unit_suffix: false },
  })
  const data = Buffer.alloc(250, 0x42)
  const places = device?.blocks[0]?.places ?? []
  return measure(1, () => places.map(({ read }) => read(data, 0)))
}

/** One request after the other, as devices want them. */
async function overLoopback(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'])
  const [port] = (await once(server, 'message')) as [number]
  const socket = connect(port, '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  const line = new SocketLine(socket, systemClock, 'loopback')
  const parts = { line, framing: framings.tcp, clock: systemClock, pauseMs: 0, count: () => undefined }
  const client = new ModbusClient(parts)
  const ask = async (times: number): Promise<void> => {
    for (let left = times; left > 0; left--) await client.read(request, { timeoutMs: 1000, retries: 0 })
  }
  const askTimed = async (): Promise<{ readonly cpu: number; readonly perSecond: number }> => {
    const [cpu, start] = [cpuMicros(), systemClock.monotonic()]
    await ask(requests)
    const perSecond = (requests / (systemClock.monotonic() - start)) * 1000
    return { cpu: (cpuMicros() - cpu) / requests, perSecond }
  }
  // One round is too few: what the compiler does beside it, and other programs, make a request cost twice or thrice as much.
  await ask(requests * rounds)
  const timed: Awaited<ReturnType<typeof askTimed>>[] = []
  while (timed.length < rounds) timed.push(await askTimed())
  const perSecond = median(timed.map((round) => round.perSecond))
  const micros = median(timed.map(({ cpu }) => cpu))
  const registers = Math.round(perSecond * request.count)
  console.log(`modbus tcp over loopback: ${Math.round(perSecond)} requests/s, ${registers} registers/s`)
  console.log(`  ${micros.toFixed(1)} µs of CPU a request, that of the device left out`)
  line.close()
  server.kill()
}
