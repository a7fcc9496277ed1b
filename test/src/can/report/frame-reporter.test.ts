import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventsOf, frameOf, recordsOf, reporterOf } from '../../../support/frame-reports.js'

const engine = frameOf(0x100, 'a00f6e0000000000', 1500.25)
const engineHead = { bus: 'can0', direction: 'rx', id: 256, extended: false, message: 'Engine' }

describe('a record of a frame', () => {
  test('has the signals, and the time of the frame', () => {
    const reporter = reporterOf()
    reporter.take(engine, 'can0')
    const [event] = eventsOf(reporter)
    assert.deepEqual(event?.record, { ...engineHead, Speed: 1000, Temp: 70 })
    assert.deepEqual(event?.time, { seconds: 1, nanoseconds: 500_250_000 })
    assert.equal(reporter.count, 0)
  })

  test('is the frame as it came, with the name of its message, where frames are told', () => {
    const data = { length: 8, data: 'a00f6e0000000000' }
    assert.deepEqual(recordsOf(reporterOf({ mode: 'raw' }), engine), [{ ...engineHead, ...data }])
    const sent = frameOf(0x101, '', 0, { remote: true, sent: true, length: 4 })
    const other = { bus: 'can0', direction: 'tx', id: 257, extended: false, length: 4, data: '', remote: true }
    assert.deepEqual(recordsOf(reporterOf({ mode: 'raw' }), sent), [other])
  })

  test('has both where both are told', () => {
    const both = { ...engineHead, length: 8, data: 'a00f6e0000000000', Speed: 1000, Temp: 70 }
    assert.deepEqual(recordsOf(reporterOf({ mode: 'both' }), engine), [both])
    const unknown = { bus: 'can0', direction: 'rx', id: 0x101, extended: false, length: 1, data: '01' }
    assert.deepEqual(recordsOf(reporterOf({ mode: 'both' }), frameOf(0x101, '01')), [unknown])
  })

  test('tells who sent it on a bus of J1939, whoever that is', () => {
    const [from0, from3] = recordsOf(
      reporterOf(),
      frameOf(0x0cf00400, '207d87481400f087'),
      frameOf(0x0cf00403, '207d87481400f087'),
    )
    const expected = { bus: 'can0', direction: 'rx', id: 0x0cf00400, extended: true, message: 'EEC1', EngineSpeed: 649 }
    assert.deepEqual(from0, { ...expected, source: 0 })
    assert.deepEqual(from3, { ...expected, id: 0x0cf00403, source: 3 })
  })

  test('has units and texts of values on request', () => {
    const units = { ...engineHead, Speed: 1000, Temp: 70, units: { Speed: 'rpm', Temp: 'degC' } }
    assert.deepEqual(recordsOf(reporterOf({ units: true }), engine), [units])
    const gear = frameOf(0x200, '03')
    const head = { bus: 'can0', direction: 'rx', id: 512, extended: false, message: 'Gearbox' }
    assert.deepEqual(recordsOf(reporterOf({ labels: 'text' }), gear), [{ ...head, Gear: 'D' }])
    assert.deepEqual(recordsOf(reporterOf({ labels: 'both' }), gear), [{ ...head, Gear: 3, Gear_label: 'D' }])
    assert.deepEqual(recordsOf(reporterOf({ labels: 'text' }), frameOf(0x200, '05')), [{ ...head, Gear: 5 }])
  })

  test('has only the signals that the frame has', () => {
    const head = { ...engineHead, id: 768, message: 'Tyres' }
    const frames = [frameOf(0x300, '0017'), frameOf(0x300, '0119'), frameOf(0x300, '01')]
    const expected = [
      { ...head, Wheel: 0, Left: 2.3 },
      { ...head, Wheel: 1, Right: 2.5 },
      { ...head, Wheel: 1 },
    ]
    assert.deepEqual(recordsOf(reporterOf(), ...frames), expected)
  })
})

describe('with a record for each signal', () => {
  test('each has its value, and label and unit on request', () => {
    const speed = { ...engineHead, signal: 'Speed', value: 1000 }
    const temp = { ...engineHead, signal: 'Temp', value: 70 }
    assert.deepEqual(recordsOf(reporterOf({ records: 'signal' }), engine), [speed, temp])
    const told = { records: 'signal', units: true, labels: 'both' } as const
    const head = { ...engineHead, id: 512, message: 'Gearbox' }
    const [first, , gear] = recordsOf(reporterOf(told), engine, frameOf(0x200, '03'))
    assert.deepEqual(first, { ...speed, unit: 'rpm' })
    assert.deepEqual(gear, { ...head, signal: 'Gear', value: 3, label: 'D' })
  })

  test('each is thinned out by itself, and the frame stands before them where both are told', () => {
    const reporter = reporterOf({ records: 'signal', mode: 'both', common: { onChange: true } })
    const names = (data: string): unknown[] =>
      recordsOf(reporter, frameOf(0x100, data)).map(({ signal, data: bytes }) => signal ?? bytes)
    assert.deepEqual(names('a00f6e00'), ['a00f6e00', 'Speed', 'Temp'])
    assert.deepEqual(names('a00f6e00'), [])
    assert.deepEqual(names('a00f6f00'), ['a00f6f00', 'Temp'])
    assert.deepEqual(names('a00f6f01'), ['a00f6f01'])
  })
})

describe('what is told less often', () => {
  test('is a message as a whole, where one of its signals changes', () => {
    const reporter = reporterOf({ common: { onChange: true } })
    const data = ['a00f6e00', 'a00f6e00', 'a00f6e01', 'a00f6f00', 'a00f6f00']
    const records = recordsOf(reporter, ...data.map((text) => frameOf(0x100, text)))
    assert.deepEqual(
      records.map(({ Speed, Temp }) => [Speed, Temp]),
      [
        [1000, 70],
        [1000, 71],
      ],
    )
    assert.equal(reporter.counts.thinned, 3)
  })

  test('is a change that falls into the least interval, by the first frame behind it, though nothing changes any more', () => {
    for (const records of ['frame', 'signal'] as const) {
      const reporter = reporterOf({ records, common: { onChange: true, minInterval: 1000 } })
      const data = ['a00f6e00', 'a00f6f00', 'a00f6f00', 'a00f6f00', 'a00f6f00', 'a00f6f00']
      const times = [0, 500, 900, 1010, 2020, 3030]
      for (const [index, text] of data.entries()) reporter.take(frameOf(0x100, text, times[index]), 'can0')
      const told = eventsOf(reporter).map(({ time, record }) => [
        time.nanoseconds / 1e6,
        record['Temp'] ?? record['value'],
      ])
      const first =
        records === 'frame'
          ? [[0, 70]]
          : [
              [0, 1000],
              [0, 70],
            ]
      assert.deepEqual(told, [...first, [10, 71]])
    }
  })

  test('are signals by themselves where a rule names them, which is none of a message', () => {
    const rules = [
      { match: 'Engine.Temp', minInterval: 1000 },
      { match: '*.Speed', onChange: true },
    ]
    const reporter = reporterOf({ rules })
    const frames = [
      ['a00f6e00', 0],
      ['a00f6e00', 10],
      ['a10f6f00', 20],
      ['a10f7000', 1000],
    ] as const
    const records = recordsOf(reporter, ...frames.map(([data, ms]) => frameOf(0x100, data, ms)))
    const expected = [
      [1000, 70],
      [1000.25, undefined],
      [undefined, 72],
    ]
    assert.deepEqual(
      records.map(({ Speed, Temp }) => [Speed, Temp]),
      expected,
    )
  })

  test('are the bytes of frames, each identifier and bus by itself', () => {
    const reporter = reporterOf({ mode: 'raw', common: { onChange: true } })
    reporter.take(frameOf(1, '01'), 'can0')
    reporter.take(frameOf(1, '01'), 'can1')
    reporter.take(frameOf(1, '01', 0, { extended: true }), 'can1')
    reporter.take(frameOf(1, '01'), 'can0')
    reporter.take(frameOf(1, '0100'), 'can0')
    reporter.take(frameOf(1, '01'), 'can1')
    const seen = eventsOf(reporter).map(({ record }) => [record['bus'], record['extended'], record['data']])
    assert.deepEqual(seen, [
      ['can0', false, '01'],
      ['can1', false, '01'],
      ['can1', true, '01'],
      ['can0', false, '0100'],
    ])
  })

  test('is what a multiplexed message has at the moment, and what it has not is no change', () => {
    const rules = [{ match: 'Tyres.*', onChange: true }]
    const wheels = recordsOf(
      reporterOf({ rules }),
      ...['0017', '0119', '0017', '0119', '0018'].map((data) => frameOf(0x300, data)),
    )
    const values = wheels.map(({ Wheel, Left, Right }) => [Wheel, Left, Right])
    assert.deepEqual(values, [
      [0, 2.3, undefined],
      [1, undefined, 2.5],
      [0, undefined, undefined],
      [1, undefined, undefined],
      [0, 2.4, undefined],
    ])
  })

  test('leaves a minimum interval between frames of a page, and so hides none that comes soon after another', () => {
    const frames = [
      ['0017', 0],
      ['0119', 20],
      ['0018', 90],
      ['0017', 100],
      ['011a', 110],
      ['0119', 120],
      ['02', 130],
      ['03', 140],
    ] as const
    for (const onChange of [false, true]) {
      const reporter = reporterOf({ common: { minInterval: 100, onChange } })
      const records = recordsOf(reporter, ...frames.map(([data, ms]) => frameOf(0x300, data, ms)))
      const values = records.map(({ Wheel, Left, Right }) => [Wheel, Left, Right])
      assert.deepEqual(values, [
        [0, 2.3, undefined],
        [1, undefined, 2.5],
        [0, 2.3, undefined],
        [1, undefined, 2.5],
        [2, undefined, undefined],
      ])
    }
  })
})

test('frames that are denied, that nobody knows, or that are not due are counted', () => {
  const reporter = reporterOf({ deny: ['0x100'] })
  assert.deepEqual(recordsOf(reporter, engine, frameOf(0x7ff, '00'), frameOf(0x100, '', 0, { remote: true })), [])
  assert.deepEqual(reporter.counts, { deselected: 2, unknown: 1, thinned: 0 })
})

test('an error frame is told where frames are, and is no message of its bits', () => {
  const error = frameOf(0x100, '0000000000000000', 0, { error: true })
  assert.deepEqual(recordsOf(reporterOf(), error), [])
  const [told] = recordsOf(reporterOf({ mode: 'raw' }), error)
  assert.deepEqual([told?.['error'], told?.['message']], [true, undefined])
})

test('a bus without DBC files has frames that nobody knows', () => {
  const reporter = reporterOf({ mode: 'both' })
  reporter.take(engine, 'raw0')
  const [event] = eventsOf(reporter)
  assert.deepEqual([event?.record['message'], event?.record['data']], [undefined, 'a00f6e0000000000'])
})

test('a bus of noise does not fill the memory', () => {
  const reporter = reporterOf({ mode: 'raw', common: { onChange: true } })
  for (let id = 0; id < 25_000; id++) reporter.take(frameOf(id, '00', 0, { extended: true }), 'can0')
  assert.equal(reporter.count, 25_000)
  assert.equal(reporter.forgotten, 2)
})
