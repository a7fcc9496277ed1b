import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toIsoText } from '../../../src/event/event-time.js'
import { type ParserOptions } from '../../../src/parse/parser.js'
import { timeReader } from '../../../src/parse/read-time.js'
import { parserDefaults } from '../../support/parser-options.js'

const now = Date.UTC(2026, 10, 23, 21, 0, 0)
const clock = { wall: () => now }

type Case = readonly [format: string, text: string, expected: string | undefined, options?: Partial<ParserOptions>]

const cases: readonly Case[] = [
  ['%Y-%m-%dT%H:%M:%S.%L', '2024-02-29T23:59:58.123456789', '2024-02-29T23:59:58.123456789Z'],
  ['%Y-%m-%dT%H:%M:%S.%LZ', '2024-02-29T23:59:58.1Z', '2024-02-29T23:59:58.100000000Z'],
  ['%Y-%m-%d %H:%M:%S,%L', '2024-02-29 23:59:58,000000001', '2024-02-29T23:59:58.000000001Z'],
  ['%F %T.%f', '2024-02-29 23:59:58.5', '2024-02-29T23:59:58.500000000Z'],
  ['%F %T.%N', '2024-02-29 23:59:58.1234567899', '2024-02-29T23:59:58.123456789Z'],
  ['%d/%b/%Y:%H:%M:%S %z', '10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36.000000000Z'],
  ['%d/%B/%Y:%T %z', '10/october/2000:13:55:36 +05:30', '2000-10-10T08:25:36.000000000Z'],
  ['%a, %d %b %Y %H:%M:%S %Z', 'Tue, 10 Oct 2000 13:55:36 GMT', '2000-10-10T13:55:36.000000000Z'],
  ['%A %d %B %Y %T %Z', 'Tuesday 10 October 2000 13:55:36 PDT', '2000-10-10T20:55:36.000000000Z'],
  ['%T %Z', '13:55:36 XYZ', undefined],
  ['%Y%m%d%H%M%S', '20001010135536', '2000-10-10T13:55:36.000000000Z'],
  ['%m/%d/%y %I:%M:%S %p', '10/09/00 12:00:01 AM', '2000-10-09T00:00:01.000000000Z'],
  ['%D %I:%M %p', '10/09/69 12:30 pm', undefined],
  ['%D %I:%M %p', '10/09/70 12:30 pm', '1970-10-09T12:30:00.000000000Z'],
  ['%D %r', '10/09/70 01:02:03 PM', '1970-10-09T13:02:03.000000000Z'],
  ['%D %R', '10/09/68 01:02', '2068-10-09T01:02:00.000000000Z'],
  ['%Y %j', '2024 366', '2024-12-31T00:00:00.000000000Z'],
  ['%Y %j', '2023 001', '2023-01-01T00:00:00.000000000Z'],
  ['%Y-%m-%e', '2023-01- 5', '2023-01-05T00:00:00.000000000Z'],
  ['%Y-%m-%d', '2023-02-29', undefined],
  ['%Y-%m-%d', '2023-13-01', undefined],
  ['%H:%M:%S', '24:00:00', undefined],
  ['%Y-%m-%d %H:%M:%S', '2016-12-31 23:59:60', '2017-01-01T00:00:00.000000000Z'],
  ['%s', '1700000000', '2023-11-14T22:13:20.000000000Z'],
  ['%s.%L', '1700000000.123456789', '2023-11-14T22:13:20.123456789Z'],
  ['%s', '-5', undefined],
  ['%s', '4294967296', undefined],
  ['100%% %Y%n%m%t%d', '100% 2023 \n 01   02', '2023-01-02T00:00:00.000000000Z'],
  ['[%Y-%m-%d] (%H.%M)', '[2023-01-02] (03.04)', '2023-01-02T03:04:00.000000000Z'],
  ['%Y', 'year', undefined],
  ['%Y-%m-%d', '2023-01-02 and more', '2023-01-02T00:00:00.000000000Z'],
  ['%Y-%m-%dT%H:%M:%S', '2023-01-02T03:04:05+02:00', '2023-01-02T01:04:05.000000000Z'],
  ['%Y-%m-%dT%H:%M:%S.%L', '2023-01-02T03:04:05Z', undefined],
  ['%Y-%m-%dT%H:%M:%S.%L', '2023-01-02T03:04:05Z', '2023-01-02T03:04:05.000000000Z', { time_strict: false }],
  ['%Y-%m-%dT%H:%M:%S.%L', '2023-01-02T03:04:05.25', '2023-01-02T03:04:05.250000000Z', { time_strict: false }],
  ['%F %T', '2023-01-02 03:04:05', '2023-01-02T01:04:05.000000000Z', { time_offset: '+0200' }],
  ['%F %T', '2023-01-02 03:04:05', '2023-01-02T06:34:05.000000000Z', { time_offset: '-03:30' }],
  ['%F %T %z', '2023-01-02 03:04:05 +0100', '2023-01-02T02:04:05.000000000Z', { time_offset: '+0500' }],
  ['%F %T', '2023-01-02 03:04:05', '2023-01-02T02:04:05.000000000Z', { time_zone: 'Europe/Madrid' }],
  ['%F %T', '2023-07-02 03:04:05', '2023-07-02T01:04:05.000000000Z', { time_zone: 'Europe/Madrid' }],
  ['%F %T', '2023-10-29 02:30:00', '2023-10-29T00:30:00.000000000Z', { time_zone: 'Europe/Madrid' }],
  ['%F %T', '2023-03-26 02:30:00', '2023-03-26T01:30:00.000000000Z', { time_zone: 'Europe/Madrid' }],
  ['%F %T', '2023-01-02 00:00:00', '2023-01-01T18:15:00.000000000Z', { time_zone: 'Asia/Kathmandu' }],
  ['%b %d %H:%M:%S', 'Nov 23 20:59:59', '2026-11-23T20:59:59.000000000Z'],
  ['%b %d %H:%M:%S', 'Nov  3 20:59:59', '2026-11-03T20:59:59.000000000Z'],
  ['%b %d %H:%M:%S', 'Nov 24 20:59:59', '2026-11-24T20:59:59.000000000Z'],
  ['%b %d %H:%M:%S', 'Nov 24 21:00:01', '2025-11-24T21:00:01.000000000Z'],
  ['%b %d %H:%M:%S', 'Feb 29 00:00:00', '2024-02-29T00:00:00.000000000Z'],
  ['%H:%M:%S', '21:30:00', '2026-11-23T21:30:00.000000000Z'],
  ['%H:%M:%S', '23:30:00', '2026-11-22T23:30:00.000000000Z'],
]

test('a time is read by its format', () => {
  assert.ok(cases.length > 40)
  for (const [time_format, text, expected, options] of cases) {
    const time = timeReader({ ...parserDefaults, time_format: [time_format], ...options }, clock)(text)
    assert.equal(time && toIsoText(time), expected, `${time_format} of "${text}"`)
  }
})

test('a time without a year may lie just behind new year', () => {
  const read = timeReader(
    { ...parserDefaults, time_format: ['%b %d %T'] },
    { wall: () => Date.UTC(2025, 11, 31, 23, 59) },
  )
  assert.deepEqual(read('Jan  1 00:00:01'), { seconds: Date.UTC(2026, 0, 1, 0, 0, 1) / 1000, nanoseconds: 0 })
  assert.deepEqual(read('Jan  2 00:00:01'), { seconds: Date.UTC(2025, 0, 2, 0, 0, 1) / 1000, nanoseconds: 0 })
})

const plain: readonly (readonly [value: string | number | bigint | null, expected: string | undefined])[] = [
  [1700000000, '2023-11-14T22:13:20.000000000Z'],
  [1700000000.25, '2023-11-14T22:13:20.250000000Z'],
  [1700000000.123457, '2023-11-14T22:13:20.123457000Z'],
  [1700000000123, '2023-11-14T22:13:20.123000000Z'],
  [1700000000123.5, '2023-11-14T22:13:20.123500000Z'],
  [1700000000123456, '2023-11-14T22:13:20.123456000Z'],
  [1700000000123456789n, '2023-11-14T22:13:20.123456789Z'],
  ['1700000000', '2023-11-14T22:13:20.000000000Z'],
  ['1700000000.000000001', '2023-11-14T22:13:20.000000001Z'],
  ['1700000000123', '2023-11-14T22:13:20.123000000Z'],
  ['2023-11-14T22:13:20Z', '2023-11-14T22:13:20.000000000Z'],
  ['2023-11-14T22:13:20.123456789+01:00', '2023-11-14T21:13:20.123456789Z'],
  ['2023-11-14 22:13:20,5', '2023-11-14T22:13:20.500000000Z'],
  ['2023-11-14T22:13-0330', '2023-11-15T01:43:00.000000000Z'],
  ['20231114T221320Z', '2023-11-14T22:13:20.000000000Z'],
  ['2023-11-14', '2023-11-14T00:00:00.000000000Z'],
  ['2023-11-31', undefined],
  ['2023-11-14T25:00:00Z', undefined],
  ['yesterday', undefined],
  ['', undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [1e30, undefined],
  [null, undefined],
]

test('without a format epochs and ISO 8601 are read', () => {
  assert.ok(plain.length > 20)
  const read = timeReader(parserDefaults, clock)
  for (const [value, expected] of plain) {
    const time = read(value)
    assert.equal(time && toIsoText(time), expected, String(value))
  }
})

test('a number may have a format too', () => {
  assert.deepEqual(timeReader({ ...parserDefaults, time_format: ['%s'] }, clock)(1700000000), {
    seconds: 1700000000,
    nanoseconds: 0,
  })
})

test('the time zone of this machine is used when told', () => {
  const read = timeReader({ ...parserDefaults, time_format: ['%F %T'], time_system_timezone: true }, clock)
  assert.equal(read('2023-01-02 03:04:05')?.seconds, new Date(2023, 0, 2, 3, 4, 5).getTime() / 1000)
})

test('wrong formats and zones are refused when the parser is made', () => {
  const wrong: readonly (readonly [options: Partial<ParserOptions>, code: string])[] = [
    [{ time_format: ['%Y %Q'] }, 'PARSE_TIME_FORMAT'],
    [{ time_format: ['%Y %'] }, 'PARSE_TIME_FORMAT'],
    [{ time_zone: 'Europe/Nowhere' }, 'PARSE_UNKNOWN_ZONE'],
    [{ time_zone: 'Europe/Madrid', time_offset: '+0100' }, 'PARSE_SEVERAL_ZONES'],
  ]
  for (const [options, code] of wrong)
    assert.throws(() => timeReader({ ...parserDefaults, ...options }, clock), { code })
})

test('of several formats the first that fits is taken', () => {
  const read = timeReader({ ...parserDefaults, time_format: ['%b %d %T', '%FT%T.%L%z', '%s'] }, clock)
  assert.deepEqual(read('2023-11-14T22:13:20.5+0000'), { seconds: 1700000000, nanoseconds: 500_000_000 })
  assert.deepEqual(read('1700000000'), { seconds: 1700000000, nanoseconds: 0 })
  assert.equal(read('Nov 14 22:13:20')?.seconds, 1794694400)
  assert.equal(read('soon'), undefined)
})

test('a long text is refused fast', () => {
  const read = timeReader({ ...parserDefaults, time_format: ['%Y %m %d'] }, clock)
  assert.equal(read(`2023${' '.repeat(1_000_000)}x`), undefined)
})
