import { type Fix, Receiver, recordOf } from '../../src/gnss/index.js'
import { FakeClock } from './fake-clock.js'
import { RecordingInputContext } from './input-context.js'

/** What a receiver makes of lines, the last moment included. */
export function heard(lines: readonly string[], nowMs = Date.UTC(2026, 10, 23, 21)) {
  const clock = new FakeClock()
  clock.setWall(nowMs)
  const context = new RecordingInputContext(clock)
  const { counted, log } = context
  const receiver = new Receiver(context)
  const fixes = lines.flatMap((line) => receiver.take(Buffer.from(line, 'latin1')) ?? [])
  const all = [...fixes, receiver.flush()].filter((fix): fix is Fix => fix !== undefined)
  return { records: all.map((fix) => recordOf(fix, true)), counted, log }
}

export const tpv = {
  class: 'TPV',
  device: '/dev/ttyUSB0',
  mode: 3,
  time: '2026-11-23T21:00:00.500Z',
  lat: 48.1,
  lon: 11.5,
  altHAE: 592.3,
  altMSL: 545.4,
  geoidSep: 46.9,
  track: 84.4,
  speed: 11.5,
  climb: 0.1,
  magvar: 3.1,
  eph: 4.2,
  epv: 7.7,
}

export const sky = {
  class: 'SKY',
  device: '/dev/ttyUSB0',
  hdop: 0.9,
  vdop: 1.4,
  pdop: 1.7,
  satellites: [
    { PRN: 3, used: true },
    { PRN: 4, used: false },
  ],
}
