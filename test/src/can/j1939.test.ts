import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { j1939Id, readJ1939Id } from '../../../src/can/j1939/id.js'
import { readName } from '../../../src/can/j1939/name.js'
import { networkRecord } from '../../../src/can/j1939/records.js'
import { readTroubleMessage } from '../../../src/can/j1939/trouble-codes.js'
import { frameOf } from '../../support/can-frames.js'

describe('J1939 identifiers', () => {
  const ids: [id: number, priority: number, pgn: number, source: number, destination: number][] = [
    [0x0c_f0_04_00, 3, 61_444, 0, 255],
    [0x18_fe_e0_00, 6, 65_248, 0, 255],
    [0x18_ea_ff_21, 6, 59_904, 0x21, 255],
    [0x18_ec_9b_90, 6, 60_416, 0x90, 0x9b],
    [0x0d_f8_05_23, 3, 129_029, 0x23, 255],
    [0x1f_ff_ff_ff, 7, 0x3_ff_ff, 255, 255],
  ]
  for (const [id, priority, pgn, source, destination] of ids) {
    it(`are read and written: ${id.toString(16)}`, () => {
      assert.deepEqual(readJ1939Id(id), { priority, pgn, source, destination })
      assert.equal(j1939Id({ priority, pgn, source, destination }), id)
    })
  }

  it('come back as they were, whatever they are', () => {
    fc.assert(fc.property(fc.nat(0x1f_ff_ff_ff), (id) => assert.equal(j1939Id(readJ1939Id(id)), id)))
  })
})

describe('J1939 trouble codes', () => {
  // SPN 0x12345, FMI 5, three times: J1939-73, 5.7.1.9, in each of the four orders.
  const versions: [conversion: 1 | 2 | 3 | 4, data: string][] = [
    [1, '0000 2468A583'],
    [2, '0000 6824A583'],
    [3, '0000 45232583'],
    [4, '0000 45232503'],
  ]
  for (const [conversion, data] of versions) {
    it(`are read by conversion method ${conversion}`, () => {
      const frame = frameOf(`18FECA00#${data.replace(' ', '')}FFFF`)
      const message = readTroubleMessage(frame, conversion === 4 ? 1 : conversion)
      assert.deepEqual(message?.codes, [{ spn: 0x1_23_45, fmi: 5, occurrences: 3, conversion }])
    })
  }

  it('stand with their lamps in a record', () => {
    // 04 FF: amber warning on, no lamp flashes; SPN 110, FMI 0, once; SPN 100, FMI 1, uncounted.
    const found = networkRecord(frameOf('18FECA00#04FF6E0000016400017F'), { conversion: 1 })
    assert.deepEqual(found, {
      suffix: 'dm1',
      record: {
        source: 0,
        malfunction_lamp: 'off',
        red_stop_lamp: 'off',
        amber_warning_lamp: 'on',
        protect_lamp: 'off',
        dtcs: [
          { spn: 110, fmi: 0, occurrences: 1, conversion: 4 },
          { spn: 100, fmi: 1, occurrences: null, conversion: 4 },
        ],
      },
    })
  })

  it('say how a lamp flashes that does', () => {
    const found = networkRecord(frameOf('18FECB21#D31C000000000000'), { conversion: 1 })
    assert.equal(found?.suffix, 'dm2')
    assert.deepEqual(found?.record, {
      source: 0x21,
      malfunction_lamp: 'not_available',
      red_stop_lamp: 'on',
      amber_warning_lamp: 'off',
      protect_lamp: 'not_available',
      malfunction_lamp_flash: 'slow',
      red_stop_lamp_flash: 'fast',
      protect_lamp_flash: 'slow',
      dtcs: [],
    })
  })

  for (const none of ['00FF00000000FFFF', '00FFFFFFFFFFFFFF', '00FF', '00FF6E0000']) {
    it(`are none in ${none}`, () => assert.deepEqual(readTroubleMessage(frameOf(`18FECA00#${none}`))?.codes, []))
  }

  it('are not looked for in what has no lamps, nor in what others say', () => {
    assert.equal(networkRecord(frameOf('18FECA00#04'), { conversion: 1 }), undefined)
    assert.equal(networkRecord(frameOf('18FEE000#FFFFFFFFB05C6800'), { conversion: 1 }), undefined)
    assert.equal(networkRecord(frameOf('6CA#04FF6E000001FFFF'), { conversion: 1 }), undefined)
  })
})

describe('J1939 address claims', () => {
  it('tell who a device is', () => {
    const found = networkRecord(frameOf('18EEFF21#D2040A4012003CA0'), { conversion: 1 })
    assert.deepEqual(found, {
      suffix: 'address_claim',
      record: {
        source: 0x21,
        claimed: true,
        name: 'A03C0012400A04D2',
        identity_number: 656_594,
        manufacturer_code: 512,
        ecu_instance: 2,
        function_instance: 2,
        function: 0,
        vehicle_system: 30,
        vehicle_system_instance: 0,
        industry_group: 2,
        arbitrary_address: true,
      },
    })
  })

  it('tell of a device that could not get an address', () => {
    const found = networkRecord(frameOf('18EEFFFE#D2040A4012003CA0'), { conversion: 1 })
    assert.equal(found?.record['claimed'], false)
  })

  it('are nothing with fewer than eight bytes', () => {
    assert.equal(readName(frameOf('18EEFF21#D2040A4012003C')), undefined)
    assert.equal(networkRecord(frameOf('18EEFF21#D2040A'), { conversion: 1 }), undefined)
  })
})
