import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sentence } from '../../support/nmea.js'
import { heard, sky, tpv } from '../../support/receiver.js'

/** Sentences as they stand in manuals, with the checksums that stand there. */
const published: readonly (readonly [line: string, record: object])[] = [
  [
    '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47',
    {
      mode: '3d',
      quality: 'autonomous',
      lat: 48.1173,
      lon: 11.516666667,
      satellites_used: 8,
      hdop: 0.9,
      alt_m: 545.4,
      geoid_separation_m: 46.9,
    },
  ],
  [
    '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A',
    {
      mode: '2d',
      lat: 48.1173,
      speed_ms: 11.5236,
      course_deg: 84.4,
      magnetic_variation_deg: -3.1,
      receiver_time: '1994-03-23T12:35:19.000000000Z',
    },
  ],
  [
    '$GNGNS,014035.00,4332.69262,S,17235.48549,E,RR,13,0.9,25.63,11.24,,*70',
    { quality: 'rtk_fixed', mode: '3d', satellites_used: 13, lat: -43.544877 },
  ],
  ['$GPGLL,4916.45,N,12311.12,W,225444,A,*1D', { mode: '2d', lat: 49.274166667, lon: -123.185333333 }],
  [
    '$GNGNS,122310.2,3722.425671,N,12258.856215,W,DA,14,0.9,1005.543,6.5,5.2,23*59',
    { quality: 'differential', satellites_used: 14, alt_m: 1005.543, lon: -122.980936917 },
  ],
  [
    '$GPGGA,172814.0,3723.46587704,N,12202.26957864,W,2,6,1.2,18.893,M,-25.669,M,2.0,0031*4F',
    { quality: 'differential', differential_age_s: 2, lat: 37.391097951 },
  ],
  [
    '$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68',
    { magnetic_variation_deg: 20.3, speed_ms: 0.2572 },
  ],
  ['$GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*62', { lat: -37.860833333, lon: 145.122666667 }],
]

test('sentences of manuals are read, with their checksums', () => {
  for (const [line, expected] of published) {
    const { records, counted } = heard([line])
    assert.deepEqual(counted, {}, line)
    assert.equal(records.length, 1, line)
    for (const [name, value] of Object.entries(expected)) assert.equal(records[0]?.[name], value, `${line} ${name}`)
  }
})

const place = '4807.038,N,01131.000,E'
const gga = (time: string, talker = 'GP'): string => sentence(`${talker}GGA,${time},${place},1,08,0.9,545.4,M,46.9,M,,`)
const rmc = (time: string, date = '231126'): string => sentence(`GNRMC,${time},A,${place},10,90,${date},,,A`)

test('sentences of one moment are one fix, in whatever order they come', () => {
  const lines = [
    gga('210000.00'),
    rmc('210000'),
    sentence('GPVTG,1,T,,M,99,N,,K'),
    sentence('GPZDA,210000.0,23,11,2026,00,00'),
  ]
  for (const order of [lines, lines.toReversed(), [lines[1], lines[3], lines[2], lines[0]] as string[]]) {
    const { records, counted } = heard([...order, rmc('210001')])
    assert.equal(records.length, 2)
    const [first] = records
    assert.deepEqual([first?.['alt_m'], first?.['speed_ms'], first?.['course_deg']], [545.4, 5.1444, 90])
    assert.equal(first?.['receiver_time'], '2026-11-23T21:00:00.000000000Z')
    assert.deepEqual(counted, {})
  }
})

test('ten fixes a second are ten fixes', () => {
  const times = Array.from({ length: 10 }, (_none, tenth) => `210000.${tenth}0`)
  const { records } = heard(times.flatMap((time) => [rmc(time), gga(time)]))
  assert.equal(records.length, 10)
  assert.equal(records[9]?.['receiver_time'], '2026-11-23T21:00:00.900000000Z')
})

test('satellites of all systems are added up, those of two signals once', () => {
  const { records } = heard([
    sentence('GPGSV,3,1,11,03,03,111,00,04,15,270,00,06,01,010,00,13,06,292,00'),
    sentence('GLGSV,1,1,04,65,10,100,30,66,20,200,31,67,30,300,32,68,40,040,33'),
    sentence('GAGSV,1,1,05,01,10,100,30,02,20,200,31,03,30,300,32,04,40,040,33,7'),
    sentence('GAGSV,1,1,03,01,10,100,30,02,20,200,31,03,30,300,32,1'),
    sentence('GNGSA,A,3,03,04,06,13,,,,,,,,,1.8,0.8,1.6,1'),
    sentence(`GNRMC,210000,A,${place},10,90,231126,,,D,V`),
  ])
  const [{ satellites_in_view, mode, pdop, hdop, vdop, quality } = {}] = records
  assert.deepEqual([satellites_in_view, mode, pdop, hdop, vdop, quality], [20, '3d', 1.8, 0.8, 1.6, 'differential'])
})

test('without a position there is no place and no time, but what is seen of the sky', () => {
  const { records } = heard([
    sentence('GPGSV,1,1,02,03,03,111,00,04,15,270,00'),
    sentence('GPGGA,210000,,,,,0,00,,,M,,M,,'),
    sentence('GPRMC,210000,V,,,,,,,060180,,,N'),
  ])
  assert.deepEqual(records, [{ mode: 'none', quality: 'none', satellites_used: 0, satellites_in_view: 2 }])
})

test('GGA alone passes midnight into the next day', () => {
  const { records } = heard([gga('235959'), gga('000000'), gga('000001')], Date.UTC(2026, 10, 23, 23, 59, 58))
  assert.deepEqual(
    records.map((record) => record['receiver_time']),
    ['2026-11-23T23:59:59.000000000Z', '2026-11-24T00:00:00.000000000Z', '2026-11-24T00:00:01.000000000Z'],
  )
})

test('GGA alone has the date of the clock that it is nearest to, on either side of midnight', () => {
  const early = heard([gga('235959')], Date.UTC(2026, 10, 24, 0, 0, 5))
  assert.equal(early.records[0]?.['time_offset_s'], -6)
  const late = heard([gga('000005')], Date.UTC(2026, 10, 23, 23, 59, 59))
  assert.equal(late.records[0]?.['time_offset_s'], 6)
})

test('a date that came once goes on where later sentences have none', () => {
  const { records } = heard([rmc('235959', '311299'), gga('000000')])
  assert.equal(records[1]?.['receiver_time'], '2000-01-01T00:00:00.000000000Z')
})

test('years of two digits are of 1980 to 2079, those of ZDA are as they stand', () => {
  const yearOf = (line: string): unknown =>
    String(heard([gga('210000'), line]).records[0]?.['receiver_time']).slice(0, 4)
  assert.equal(yearOf(rmc('210000', '010180')), '1980')
  assert.equal(yearOf(rmc('210000', '311279')), '2079')
  assert.equal(yearOf(sentence('GPZDA,210000,22,08,2099,00,00')), '2099')
  assert.equal(yearOf(rmc('210000', '310226')), '2026')
})

const faults: readonly (readonly [line: string, counter: string])[] = [
  ['$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*48', 'bad_checksums'],
  ['$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,', 'cut_sentences'],
  ['$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*4', 'cut_sentences'],
  ['519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47', 'noise_lines'],
  ['\u00ff\u0000\u0012', 'noise_lines'],
  ['!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C', 'other_sentences'],
  [sentence('PUBX,00,081350.00'), 'other_sentences'],
  [sentence('GPTXT,01,01,02,ANTSTATUS=OK'), 'other_sentences'],
  [sentence('GPGGA,,,,,,0,00,99.99,,,,,,'), 'sentences_without_time'],
  [sentence('GPGGA,246060,,,,,0,00,99.99,,,,,,'), 'sentences_without_time'],
  ['{"class":"TPV"', 'bad_reports'],
  ['{"class":"PPS"}', 'other_classes'],
]

test('lines that are no sentence are counted, and are no fix', () => {
  for (const [line, counter] of faults) {
    const { records, counted } = heard([line])
    assert.deepEqual(records, [], line)
    assert.deepEqual(counted, { [counter]: 1 }, line)
  }
})

test('a sentence is found behind noise and behind one that was cut off', () => {
  for (const noise of ['\u00fe\u00ff', '$GPGGA,1235', '*47'])
    assert.equal(heard([noise + gga('210000')]).records.length, 1)
})

test('a place that is none is no position', () => {
  for (const wrong of [
    '9107.038,N,01131.000,E',
    '4860.000,N,01131.000,E',
    '4807.038,X,01131.000,E',
    '4807.038,N,18131.000,E',
  ]) {
    const { records } = heard([sentence(`GPGGA,210000,${wrong},1,08,0.9,545.4,M,46.9,M,,`)])
    assert.deepEqual([records[0]?.['mode'], records[0]?.['lat']], ['none', undefined], wrong)
  }
})

const pieces = [
  ...published.map(([line]) => line),
  ...faults.map(([line]) => line),
  JSON.stringify(tpv),
  JSON.stringify(sky),
]
const damaged = fc
  .tuple(fc.constantFrom(...pieces), fc.nat(80), fc.string({ maxLength: 3 }))
  .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at + text.length))
const signed = fc.array(
  fc.oneof(
    fc.constantFrom('210000', '4807.038', 'N', 'E', 'A', '', '231126', '-1', '1e9', '99999999999999'),
    fc.string({ maxLength: 5 }),
  ),
  { maxLength: 20 },
)
const types = fc.constantFrom('GPGGA', 'GNGNS', 'GPRMC', 'GPVTG', 'GLGSV', 'GNGSA', 'GPGLL', 'GPZDA')
const odd = fc.tuple(types, signed).map(([type, fields]) => sentence([type, ...fields].join(',')))

test('whatever comes, positions are places on earth and times are times', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(damaged, odd, fc.constantFrom(...pieces)), { maxLength: 30 }), (lines) => {
      for (const { lat = 0, lon = 0, receiver_time: time, mode } of heard(lines).records) {
        assert.ok(Math.abs(lat as number) <= 90 && Math.abs(lon as number) <= 180)
        assert.ok(mode === 'none' || mode === '2d' || mode === '3d')
        assert.ok(time === undefined || !Number.isNaN(Date.parse(time as string)))
      }
    }),
    { numRuns: 300 },
  )
})
