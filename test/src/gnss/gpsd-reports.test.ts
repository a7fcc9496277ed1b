import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heard, sky, tpv } from '../../support/receiver.js'

test('a report of gpsd is a fix, with what its device last said of the sky', () => {
  const { records } = heard(
    [sky, { ...sky, device: '/dev/other', hdop: 9 }, { class: 'SKY', device: '/dev/ttyUSB0', pdop: 2 }, tpv].map(
      (report) => JSON.stringify(report),
    ),
  )
  assert.deepEqual(records, [
    {
      mode: '3d',
      quality: 'autonomous',
      lat: 48.1,
      lon: 11.5,
      alt_m: 545.4,
      geoid_separation_m: 46.9,
      speed_ms: 11.5,
      course_deg: 84.4,
      climb_ms: 0.1,
      magnetic_variation_deg: 3.1,
      error_horizontal_m: 4.2,
      error_vertical_m: 7.7,
      hdop: 0.9,
      vdop: 1.4,
      pdop: 2,
      satellites_used: 1,
      satellites_in_view: 2,
      device: '/dev/ttyUSB0',
      receiver_time: '2026-11-23T21:00:00.500000000Z',
      time_offset_s: 0.5,
    },
  ])
})

test('a report without a position says how it stands', () => {
  const { records } = heard([JSON.stringify({ class: 'TPV', mode: 1 }), JSON.stringify({ ...tpv, status: 3 })])
  assert.deepEqual(records[0], { mode: 'none', quality: 'none' })
  assert.equal(records[1]?.['quality'], 'rtk_fixed')
})

test('a gpsd of another protocol is refused', () => {
  assert.throws(() => heard(['{"class":"VERSION","proto_major":4}']), { code: 'GNSS_PROTOCOL' })
  assert.throws(() => heard(['{"class":"VERSION"}']), { code: 'GNSS_PROTOCOL' })
})

test('the log tells that gpsd has no receiver, or an error', () => {
  const { log } = heard(['{"class":"DEVICES","devices":[]}', '{"class":"ERROR","message":"no"}'])
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    ['gpsd has no receiver at present', 'gpsd has an error'],
  )
})
