import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { checksumOf } from 'sluice/framing'
import { slip } from '../support/framed-streams.js'
import { datagramOf, frames, packetOf, session } from '../support/lora.js'
import { modbusDevices, noModbus, pluggedLine } from '../support/modbus-devices.js'
import { freePort } from '../support/ports.js'
import type { TestProcess } from '../support/process.js'
import { PtyDevice } from '../support/pty-device.js'
import { PtyPair, skipPty } from '../support/pty-pair.js'
import { sluice } from '../support/sluice.js'
import { root } from '../support/source-tree.js'
import { Tree } from '../support/tree.js'
import { escapedFrame, receivePacket } from '../support/xbee.js'

/** A sample, but for these texts of it, which are what is elsewhere here. */
function sample(t: TestContext, name: string, elsewhere: { readonly [there: string]: string }): TestProcess {
  let config = readFileSync(join(root, `conf/${name}.yaml`), 'utf8')
  for (const [there, here] of Object.entries(elsewhere)) {
    assert.equal(config.split(there).length, 2, `${there} stands once in the sample`)
    config = config.replace(there, here)
  }
  const folder = new Tree(t, { 'sluice.yaml': config })
  return sluice(t, ['-c', folder.path('sluice.yaml')])
}

/** Waits until a line of the output has all of these texts. */
async function told(agent: TestProcess, ...texts: readonly string[]): Promise<string> {
  const found = (): string | undefined =>
    agent.stdout.split('\n').find((line) => texts.every((text) => line.includes(text)))
  await agent.until(() => found() !== undefined, `tells ${texts.join(' and ')}`)
  return found() ?? ''
}

async function pluggedPair(t: TestContext): Promise<PtyPair> {
  const pair = new PtyPair(new Tree(t).root)
  t.after(() => pair.pullOut())
  await pair.plugIn()
  return pair
}

async function opened(agent: TestProcess, lines: number): Promise<void> {
  await agent.until(() => agent.stderr.split('line is open').length > lines, `opens ${lines} lines`)
}

/** Sends a datagram again and again until `end` settles: the agent may not listen yet. */
async function sendUntil(port: number, bytes: Uint8Array, end: Promise<unknown>): Promise<void> {
  const socket = createSocket('udp4')
  const timer = setInterval(() => socket.send(bytes, port, '127.0.0.1'), 50)
  try {
    await end
  } finally {
    clearInterval(timer)
    socket.close()
  }
}

test(
  'the sample of Modbus reads a meter, and a line of three devices of which one is dead',
  { skip: noModbus },
  async (t) => {
    const ports = await modbusDevices(t)
    const line = new Tree(t).path('line')
    await pluggedLine(t, line, ports.rtu)
    const agent = sample(t, 'modbus', {
      'host: 192.168.1.20': `host: 127.0.0.1\n      port: ${ports.tcp}`,
      "usb_vendor: '0403'": `path: ${line}`,
      "      usb_product: '6001'\n": '',
      // A pty has no parity.
      'parity: even': 'parity: none',
    })
    await told(agent, 'device=main_meter', 'voltage=', 'current=', 'energy=47186.65')
    await told(agent, 'device=pump', 'running=false', 'alarm=false', 'mode=5', 'speed=24064', 'door_open=true')
    await told(agent, 'device=cold_room', 'temperature=100', 'serial_number=')
    await told(agent, 'plant.line.errors', 'device=warm_room', 'error=silent')
    await agent.until(() => agent.stdout.split('device=pump').length > 3, 'goes on with those that answer')
  },
)

test('the sample of binary frames reads a scale over TCP and a beacon in datagrams', async (t) => {
  const [scale, beacon] = [await freePort(), await freePort()]
  const agent = sample(t, 'binary', { 'port: 5180': `port: ${scale}`, 'port: 5181': `port: ${beacon}` })
  const climate = Buffer.from('07000000 80436d38 01 c409 5a'.replaceAll(' ', ''), 'hex')
  await sendUntil(
    beacon,
    climate,
    told(agent, 'device.beacon', 'device=7', 'kind=climate', 'temperature=25', 'humidity=45'),
  )
  const socket = connect(scale, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write(Buffer.from('00aa5507010000', 'hex'))
  socket.write(Buffer.from('01c3b2bf', 'hex'))
  await told(agent, 'device.scale', 'status=stable', 'weight=4.51')
})

test(
  'the sample of radios reads an XBee module and decrypts what a gateway has heard',
  { skip: skipPty },
  async (t) => {
    const pair = await pluggedPair(t)
    const port = await freePort()
    const agent = sample(t, 'radio', {
      '/dev/ttyUSB0': pair.agentEnd,
      '      deduplicate: 2s': `      port: ${port}\n      deduplicate: 2s`,
      '26011f2a': session.dev_addr,
      '${BED_1_NWK_S_KEY:-00000000000000000000000000000000}': session.nwk_s_key,
      '${BED_1_APP_S_KEY:-00000000000000000000000000000000}': session.app_s_key,
    })
    await opened(agent, 1)
    new PtyDevice(t, pair.deviceEnd).send(escapedFrame(receivePacket('{"temperature":21.5}')))
    await told(agent, 'radio.xbee', 'temperature=21.5', 'src_addr=0013a20040522baa')
    // Its payload is "test": 0x74 of half a percent, 0x6573 of a hundredth of a degree.
    const heard = datagramOf(0, { rxpk: [packetOf(frames.test)] })
    await sendUntil(port, heard, told(agent, 'radio.lorawan', 'device=bed-1', 'moisture=58', 'temperature=259.71'))
  },
)

test(
  'the sample of serial lines reads JSON, frames with a checksum behind them, and SLIP',
  { skip: skipPty },
  async (t) => {
    const [weather, meter, tracker] = [await pluggedPair(t), await pluggedPair(t), await pluggedPair(t)]
    const agent = sample(t, 'serial', {
      '/dev/ttyACM0': weather.agentEnd,
      '/dev/serial/by-id/usb-Prolific_Technology_Inc._USB-Serial_Controller-if00-port0': meter.agentEnd,
      '/dev/ttyS1': tracker.agentEnd,
    })
    await opened(agent, 3)
    new PtyDevice(t, weather.deviceEnd).send('{"wind":3.5}\n')
    await told(agent, 'weather', 'wind=3.5', weather.agentEnd)
    const sent = Buffer.from('\x02 kWh 12.5\x03', 'latin1')
    const sum = checksumOf('xor').sum(sent, 1, sent.length)
    new PtyDevice(t, meter.deviceEnd).send(Buffer.concat([sent, Buffer.of(sum ^ 1), sent, Buffer.of(sum)]))
    await told(agent, 'meter', 'kWh 12.5')
    assert.equal(agent.stdout.split('kWh').length, 2)
    new PtyDevice(t, tracker.deviceEnd).send(slip(Buffer.from('81a3706f73c0', 'hex')))
    await told(agent, 'tracker', 'pos=null')
  },
)
