import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileDecoders, parseDbc } from 'sluice/can'
import { BusTable } from '../../../../src/cli/can/bus-table.js'
import { frameOf } from '../../../support/plain-frames.js'

const dbc = `BU_: X

BO_ 291 Engine: 2 X
 SG_ Speed : 0|8@1+ (0.5,0) [0|0] "km/h" X
 SG_ Gear : 8|8@1+ (1,0) [0|0] "" X

VAL_ 291 Gear 1 "Drive" ;
`

function tableOf(): BusTable {
  const decoders = compileDecoders([parseDbc(Buffer.from(dbc), 'test.dbc')])
  return new BusTable(() => decoders)
}

test('each id has its count, rate, age, data and signals', () => {
  const table = tableOf()
  for (const at of [10, 10.1, 10.2]) table.add(frameOf({ id: 0x123, data: [25, 1] }), 'can0', at)
  table.add(frameOf({ id: 0x7ff, remote: true, length: 4 }), 'can0', 10.5)
  assert.deepEqual(table.rows(11), [
    ['bus', 'id', 'frames', 'per second', 'age', 'data', 'message', 'signals'],
    ['can0', '123', '3', '10.0', '0.8 s', '19 01', 'Engine', 'Speed 12.5 km/h, Gear Drive'],
    ['can0', '7FF', '1', '', '0.5 s', 'remote request of 4', '', ''],
  ])
})

test('a row shows the last frame, though its object was lent', () => {
  const table = tableOf()
  const lent = frameOf({ id: 0x123, data: [2, 0] })
  table.add(lent, 'can0', 1)
  lent.data[0] = 99
  assert.equal(table.rows(1)[1]?.[5], '02 00')
})

test('buses, extended ids and errors stay apart, in order', () => {
  const table = tableOf()
  table.add(frameOf({ id: 0x123, error: true }), 'can0', 1)
  table.add(frameOf({ id: 0x123, extended: true }), 'can0', 1)
  table.add(frameOf({ id: 0x123 }), 'can0', 1)
  table.add(frameOf({ id: 0x122 }), 'can0', 1)
  table.add(frameOf({ id: 0x001 }), 'can1', 1)
  assert.deepEqual(
    table
      .rows(1)
      .slice(1)
      .map(([bus, id]) => `${bus} ${id}`),
    ['can0 122', 'can0 123', 'can0 00000123', 'can0 00000123', 'can1 001'],
  )
})

test('noise of many ids fills no memory, and is told', () => {
  const table = tableOf()
  for (let id = 0; id < 10_500; id++) table.add(frameOf({ id, extended: true }), 'can0', 1)
  assert.deepEqual([table.rows(1).length, table.untold, table.frames], [10_001, 500, 10_500])
})
