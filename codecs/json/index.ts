import { dated, dateKeyOf, defineCodec, jsonRecords, readJson, writeJson } from 'sluice/plugin'

export default defineCodec({
  summary: 'Reads JSON objects, alone or in lists, and writes one array of them.',
  options: dated,
  create({ json_date_key, json_date_format }) {
    const shape = { dateKey: dateKeyOf(json_date_key) ?? false, dateFormat: json_date_format, shape: 'array' } as const
    return {
      framing: 'json',
      parse: (frame) => (frame.length === 0 ? [] : jsonRecords(readJson(frame))),
      formatter: { contentType: 'application/json', format: (chunks) => writeJson(chunks, shape) },
    }
  },
})
