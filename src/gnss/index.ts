/**
 * Satellite receivers: sentences of NMEA 0183 and reports of gpsd, to fixes.
 * @module
 */

export { type Fix, type Mode, type Quality, recordOf } from './fix.js'
export { watchCommand } from './gpsd.js'
export { Receiver } from './receiver.js'
