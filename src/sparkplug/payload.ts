import { all, bool, bytes, double, message, one, type Read, string, uint32, uint64 } from '../protobuf/index.js'
import { float } from './float.js'

/** What of a Sparkplug B payload we know (Sparkplug 3.0, section 6.4.1); data sets, templates and properties are stepped over. */
export const metric = message('Metric', {
  name: one(1, string),
  alias: one(2, uint64),
  timestamp: one(3, uint64),
  datatype: one(4, uint32),
  isHistorical: one(5, bool),
  isTransient: one(6, bool),
  isNull: one(7, bool),
  intValue: one(10, uint32),
  longValue: one(11, uint64),
  floatValue: one(12, float),
  doubleValue: one(13, double),
  booleanValue: one(14, bool),
  stringValue: one(15, string),
  bytesValue: one(16, bytes),
})

export type Metric = Read<typeof metric>

/** `timestamp` is in milliseconds since 1970, as that of a metric is; `seq` counts to 255 and begins again. */
export const payload = message('Payload', {
  timestamp: one(1, uint64),
  metrics: all(2, () => metric),
  seq: one(3, uint64),
  uuid: one(4, string),
  body: one(5, bytes),
})

export type Payload = Read<typeof payload>
