import { dated, dateKeyOf, defineCodec, jsonRecords, readJson, writeJson } from 'sluice/plugin'
import { valuesIn } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes one JSON object a line.',
  options: dated,
  create({ json_date_key, json_date_format }) {
    const shape = { dateKey: dateKeyOf(json_date_key) ?? false, dateFormat: json_date_format, shape: 'lines' } as const
    return {
      framing: 'lines',
      parse: (frame) => valuesIn(frame).flatMap((line) => jsonRecords(readJson(line))),
      formatter: { contentType: 'application/x-ndjson', format: (chunks) => writeJson(chunks, shape) },
    }
  },
})
