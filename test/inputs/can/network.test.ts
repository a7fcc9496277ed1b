import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fieldsOf, fileOf, readAll } from '../../support/can-run.js'

/** A trip of 20 bytes (PGN 65200) as J1939 says it: its last signal lies in the third packet. */
const tripDbc = `BO_ 2566828286 Trip: 20 Engine
 SG_ First : 0|8@1+ (1,0) [0|0] "" Vector__XXX
 SG_ Last : 144|16@1+ (1,0) [0|0] "" Vector__XXX
BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_ "VFrameFormat" BO_ 2566828286 3;
`

const trip = `(1700000000.0) can0 18ECFF01#20140003FFB0FE00
(1700000000.1) can0 18EBFF01#0101020304050607
(1700000000.2) can0 18EBFF01#0202020304050607
(1700000000.3) can0 18EBFF01#03030203040506FF
`

describe('a network of J1939', () => {
  test('has messages in many frames, which are decoded as one', async (t) => {
    const files = { path: fileOf(t, trip), dbc: fileOf(t, tripDbc, 'trip.dbc') }
    const context = await readAll({ ...files, network: 'j1939', j1939: true })
    assert.equal(context.events.length, 1)
    assert.equal(context.records[0]?.['First'], 1)
    assert.equal(context.records[0]?.['Last'], 0x0605)
    assert.deepEqual(context.events[0]?.time, { seconds: 1_700_000_000, nanoseconds: 300_000_000 })
    assert.deepEqual(context.counted, {})
    const both = await readAll({ ...files, network: 'j1939', j1939: true, mode: 'both' })
    assert.equal(both.records.filter((record) => 'data' in record).length, 4)
    assert.equal(both.records.filter((record) => 'Last' in record).length, 1)
  })

  test('has its whole messages among the others, in the order of their last frames', async (t) => {
    const speed = 'BO_ 256 Speed: 8 ECU\n SG_ Speed : 0|8@1+ (1,0) [0|0] "" X\n'
    const log = `(1700000000.0) can0 100#01\n${trip}(1700000000.4) can0 100#02\n`
    const context = await readAll({
      path: fileOf(t, log),
      dbc: fileOf(t, tripDbc + speed, 'trip.dbc'),
      network: 'j1939',
    })
    assert.deepEqual(fieldsOf(context, 'message', 'Speed'), [
      ['Speed', 1],
      ['Trip', undefined],
      ['Speed', 2],
    ])
  })

  test('has signals across and behind the 64 bytes that are the most of a frame', async (t) => {
    const dbc = tripDbc.replace('Trip: 20', 'Trip: 70').replace('0|8@1+', '504|16@1+').replace('144|16@1+', '519|24@0+')
    const packets = Array.from({ length: 10 }, (_none, n) => {
      const bytes = Array.from({ length: 7 }, (_each, at) => n * 7 + at)
      return `(1700000000.${n}) can0 18EBFF01#${Buffer.from([n + 1, ...bytes]).toString('hex')}`
    })
    const log = ['(1700000000.0) can0 18ECFF01#2046000AFFB0FE00', ...packets].join('\n')
    const context = await readAll({
      path: fileOf(t, `${log}\n`),
      dbc: fileOf(t, dbc, 'trip.dbc'),
      network: 'j1939',
      j1939: true,
    })
    assert.deepEqual([context.records[0]?.['First'], context.records[0]?.['Last']], [0x403f, 0x404142])
  })

  test('tells trouble codes and address claims under tags of their own, whatever else is told', async (t) => {
    const log = `(1700000000.0) can0 18FECA00#04FF6E000001FFFF
(1700000001.0) can0 18EEFF21#D2040A4012003CA0
(1700000002.0) can0 18ECFF01#20140003FFB0FE00
(1700000002.1) can0 18EBFF01#0202020304050607
`
    const context = await readAll({ path: fileOf(t, log), network: 'j1939' })
    const own = context.events.filter(({ tag }) => tag !== 'test')
    assert.deepEqual(
      own.map(({ tag, time, record }) => [tag, time.seconds, record['bus'], record['source']]),
      [
        ['test.dm1', 1_700_000_000, 'can0', 0],
        ['test.address_claim', 1_700_000_001, 'can0', 0x21],
      ],
    )
    assert.deepEqual(own[0]?.record['dtcs'], [{ spn: 110, fmi: 0, occurrences: 1, conversion: 4 }])
    assert.equal(context.events.length, 6, 'frames are told as they came')
    assert.deepEqual(context.counted, { transfers_missing_frame: 1 })
  })

  test('is none unless it is said to be', async (t) => {
    const context = await readAll({ path: fileOf(t, '(1700000000.0) can0 18FECA00#04FF6E000001FFFF\n') })
    assert.deepEqual(
      context.events.map(({ tag }) => tag),
      ['test'],
    )
  })
})

describe('a network of NMEA 2000', () => {
  /** Two messages of devices of no standard: PGN 130000, of ten bytes, and PGN 130001, of eight. */
  const ownDbc = `BO_ 2583416837 Own: 10 Device
 SG_ Last : 64|16@1+ (1,0) [0|0] "" Vector__XXX
BO_ 2583417093 Plain: 8 Device
 SG_ First : 0|8@1+ (1,0) [0|0] "" Vector__XXX
BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_ "VFrameFormat" BO_ 2583416837 3;
BA_ "VFrameFormat" BO_ 2583417093 3;
`

  test('has fast packets of whatever the DBC file says to be longer than a frame', async (t) => {
    const log = `(1700000000.0) can0 19FBD107#4008010203040506
(1700000000.1) can0 19FBD007#400A010203040506
(1700000000.2) can0 19FBD007#410708090AFFFFFF
`
    const files = { path: fileOf(t, log), dbc: fileOf(t, ownDbc, 'own.dbc') }
    const context = await readAll({ ...files, network: 'nmea2000', j1939: true })
    assert.deepEqual(fieldsOf(context, 'message', 'source', 'First', 'Last'), [
      ['Plain', 7, 0x40, undefined],
      ['Own', 7, undefined, 0x0a09],
    ])
    assert.deepEqual(context.counted, {})
  })
})
