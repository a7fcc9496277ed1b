/**
 * Serial lines for plugins: their options, the device by its path or by what USB knows of it, opened by one of two backends, opened
 * again when it comes back.
 * @module
 */

export { checkDevice } from './device-path.js'
export { LostLineError } from './failure.js'
export { openLine } from './open-line.js'
export { SerialLine } from './serial-line.js'
export { serialOptions, type SerialSettings } from './serial-options.js'
export { whileLine } from './while-line.js'
