/**
 * How the kernel tells of this machine: files below /proc and /sys, read over and over, and the counters in them.
 * @module
 */

export { grown } from './counter.js'
export { type IioMeasure, iioMeasure, iioUnit } from './iio-measure.js'
export { KernelFile } from './kernel-file.js'
export { namesIn, numberOf, parentOf, placeOf, textOf } from './sysfs.js'
export { kibibytesOf, wordsOf } from './text.js'
