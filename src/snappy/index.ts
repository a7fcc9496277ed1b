/**
 * Snappy for plugins whose protocol has it.
 * @module
 */

export { uncompressBlock } from './uncompress-block.js'
