import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { guestSkip, runGuest } from '../../support/qemu/guest.js'

/** What guest-main.ts prints for one check. */
interface Seen {
  readonly lines: readonly string[]
  readonly states: readonly string[]
  readonly failed?: string
  readonly [name: string]: unknown
}

const programs = ['cansend', 'cangen', 'candump'] as const
const modules = [
  'net/can/can.ko',
  'net/can/can-raw.ko',
  'net/can/can-isotp.ko',
  'drivers/net/can/dev/can-dev.ko',
  'drivers/net/can/vcan.ko',
]
const yaml = ['js-yaml', 'argparse']
const ajv = ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'require-from-string']
const packages = ['koffi', '@koromix/koffi-linux-x64', ...yaml, ...ajv]
const longData = 'A5'.repeat(64)

describe('SocketCAN of Debian’s kernel, under emulation', { skip: guestSkip(programs) }, () => {
  let printed = ''

  before(async () => {
    const { output } = await runGuest({
      modules,
      programs,
      packages,
      script: ['main', 'agent'].map((name) => `node dist/test/support/socketcan/guest-${name}.js`).join('\n'),
      timeoutMs: 300_000,
    })
    printed = output
  })

  function seen(name: string): Seen {
    const text = new RegExp(`^@${name} (.*)$`, 'm').exec(printed)?.[1]
    assert.ok(text, `the guest told nothing of "${name}":\n${printed}`)
    const result = JSON.parse(text) as Seen
    assert.equal(result.failed, undefined)
    return result
  }

  test('an interface that is absent is waited for, until it is there and up', () => {
    const { states, lines, refused } = seen('absent')
    assert.deepEqual(states, ['absent', 'down', 'active'])
    assert.deepEqual(lines, ['vcan0 001#01'])
    assert.match(String(refused), /vcan0: there is no such CAN interface/)
  })

  test('classic, extended, remote and FD frames come as they were sent, with the time of the kernel', () => {
    const { lines, inTime, sent } = seen('frames')
    assert.deepEqual(lines, [
      'vcan0 7FF#',
      'vcan0 123#1122334455667788',
      'vcan0 123#R',
      'vcan0 18FEF100#0102',
      'vcan0 18FEF100#R',
      'vcan0 213##3',
      `vcan0 1F334455##1${longData}`,
    ])
    assert.equal(inTime, true)
    assert.equal(sent, lines.length, 'all were sent by this machine')
  })

  test('what is sent is on the bus, and comes back to the sender only where that is asked for', () => {
    const { lines, deaf, witness, sent } = seen('sending')
    const own = ['vcan0 18FECA00#CAFE', 'vcan0 123#CAFE000000000000_B', `vcan0 18FECA00##1CAFE${'00'.repeat(10)}`]
    assert.deepEqual(lines, [...own, 'vcan0 7FF#CAFE'])
    assert.deepEqual(deaf, own)
    assert.equal(sent, 4)
    // candump of this age knows no raw data length codes, and shows the flag that says FD
    assert.deepEqual(witness, [own[0], 'vcan0 123#CAFE000000000000', own[2]?.replace('##1', '##5')])
  })

  test('the kernel keeps back what the filters do not let pass', () => {
    const { only, but } = seen('filters')
    assert.deepEqual(only, ['vcan0 123#01', 'vcan0 18FEF117#03', 'vcan0 12F#06'])
    assert.deepEqual(but, [
      'vcan0 133#02',
      'vcan0 18FEF117#03',
      'vcan0 18FEF200#04',
      'vcan0 00000123#05',
      'vcan0 12F#06',
    ])
  })

  test('error frames tell the states of the bus, where they are wanted', () => {
    const { lines, states, without } = seen('errors')
    assert.deepEqual(states, ['active', 'warning', 'passive', 'bus_off', 'active'])
    assert.equal(lines.length, 5)
    assert.deepEqual(without, ['vcan0 123#01'])
  })

  test('two thousand frames of every kind are those that candump saw, in order, with the same times', () => {
    const { frames, different, own, log, reads, of } = seen('witness')
    assert.equal(frames, 2000)
    assert.equal(of, 2000)
    assert.equal(different, -1, `${String(own)} is not ${String(log)}`)
    assert.ok(Number(reads) < 1000, `many frames a read, not ${String(reads)} reads`)
  })

  test('the program candump serves in its place: all kinds of frames, filters, an interface that comes back', () => {
    const { lines, only } = seen('candump')
    assert.deepEqual(lines, [
      'vcan0 123#01',
      'vcan0 133#02',
      'vcan0 18FEF117#03',
      'vcan0 00000123#04',
      'vcan0 213##311',
      'vcan0 20000040#0000000000000000',
      'vcan0 12F#05',
    ])
    const errors = 'vcan0 20000040#0000000000000000'
    assert.deepEqual(only, ['vcan0 123#01', 'vcan0 18FEF117#03', errors, 'vcan0 12F#05'])
  })

  test('each of several interfaces has its own frames', () => {
    assert.deepEqual(Object.values(seen('several')), [['vcan0 000#00'], ['vcan1 001#01']])
  })

  test('frames that found no room in the kernel are counted', () => {
    assert.ok(Number(seen('overflow')['lost']) > 100)
  })

  test('an interface that goes down, is removed or set up anew is read again', () => {
    const { states, lines, refused } = seen('downAndUp')
    assert.deepEqual(states.slice(0, 3), ['active', 'down', 'active'])
    const removed = states.slice(3).filter((state) => state !== 'down')
    assert.deepEqual(removed, ['absent', 'active'])
    assert.deepEqual(lines, ['vcan0 002#02', 'vcan0 003#03'])
    assert.match(String(refused), /vcan0: write: network is down \(ENETDOWN\)/)
  })

  test('a car is asked by OBD-II and UDS, whose ECUs have the ISO-TP of the kernel', () => {
    const all: Record<string, unknown>[] = seen('car').lines.map((line) => JSON.parse(line))
    const of = (ecu: string): object => Object.assign({}, ...all.filter((record) => record['ecu'] === ecu))
    assert.deepEqual(of('7E8'), {
      ecu: '7E8',
      vin: 'W0000000000000000',
      calibration_ids: ['JMB*300000000000'],
      calibration_checks: ['12345678'],
      ecu_name: 'ECMEngineControl',
      engine_speed: 1726,
      vehicle_speed: 50,
      serial_number: 'SLUICE-ECU-000000017',
      stored: ['P0143'],
      pending: [],
      permanent: ['P0143'],
      dtcs: [
        { code: 'P0A9B-17', status: ['confirmed'] },
        { code: 'P0805-11', status: ['test_failed', 'confirmed'] },
      ],
    })
    const stored = Array.from({ length: 10 }, () => 'P0711')
    assert.deepEqual(of('7E9'), { ecu: '7E9', vehicle_speed: 51, stored, pending: [], permanent: [] })
  })

  test('the agent that is stopped right behind the last frame has written all that candump saw', () => {
    const { exitCode, frames, of, different, own, log, told } = seen('agent')
    assert.equal(exitCode, 0, String(told))
    assert.equal(different, -1, `${String(own)} is not ${String(log)}\n${String(told)}`)
    assert.equal(frames, of)
    assert.equal(frames, 506)
  })
})
