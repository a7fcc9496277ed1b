/**
 * Outputs over HTTP: an output says where its events go, in which format, and what answers mean; all else is here.
 * @module
 */

export { optionsOfUrl } from './address.js'
export { type ClientOptions, clientOptions, hostOptions, hostOptionsAt, uriForm } from './client-options.js'
export { type Compression, compressions } from './compress.js'
export { checkedHeaders } from './headers.js'
export { createHttpOutput } from './http-output.js'
export type { HttpOutputSettings } from './settings.js'
export { type Answer, type Judge, judge, type JudgeContext, type Outcomes, quote, type Verdict } from './verdict.js'
