import { choice, defineInput, duration, integer, number, text } from 'sluice/plugin'
import { serialOptions } from 'sluice/serial'
import { gpsInput } from './gps-input.js'

export default defineInput({
  summary: 'Reads positions and times of satellite receivers, from gpsd or as NMEA 0183.',
  options: {
    from: choice(
      'Where positions come from: `gpsd`, or NMEA 0183 from a server (`tcp`), a `serial` line or a `file`.',
      ['gpsd', 'tcp', 'serial', 'file'],
      { default: 'gpsd' },
    ),
    host: text('`gpsd` and `tcp`: name or address of the server.', { default: '127.0.0.1', filled: true }),
    port: integer('`gpsd` and `tcp`: its port; by default 2947, and 10110 of `tcp`.', {
      minimum: 1,
      maximum: 65_535,
    }),
    'net.connect_timeout': duration('Longest that connecting may take.', { default: '10s', minimum: 10 }),
    pace: choice(
      '`file`: read it as fast as possible, or in the time in which it was recorded.',
      ['fast', 'recorded'],
      { default: 'fast' },
    ),
    speed: number('`file`: how many times faster than recorded.', { default: 1, minimum: 0.001, maximum: 1e6 }),
    ...serialOptions,
    path: text(
      '`serial`: the device, best one of `/dev/serial/by-id`; `file`: sentences, or reports of gpsd, that were recorded.',
      { aliases: ['file'], filled: true },
    ),
    event_time: choice(
      'Time of the events: that of this machine, or that of the receiver once it has a position.',
      ['system', 'receiver'],
      { default: 'system' },
    ),
  },
  full: 'wait',
  create: (options, context) => gpsInput(options, context),
})
