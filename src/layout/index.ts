/**
 * Binary frames to records by declared fields, for codecs and inputs whose devices speak in bytes.
 * @module
 */

export { compileLayout } from './compile-layout.js'
export type { LayoutField, LayoutSettings } from './layout.js'
export { type NumberReader, floatReader, integerReader, type Order } from './numbers.js'
export { layoutOptions } from './options.js'
export { scaling, type Scaling } from './scaling.js'
export { type FieldType, readType } from './types.js'
