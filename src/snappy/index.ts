/**
 * Snappy for plugins whose protocol has it.
 * @module
 */

export { compressBlock } from './compress-block.js'
export { uncompressBlock } from './uncompress-block.js'
