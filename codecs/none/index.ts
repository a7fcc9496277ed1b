import { defineCodec, flag, text } from 'sluice/plugin'

export default defineCodec({
  summary: 'Takes every line as it is, as one field of a record.',
  options: {
    key: text('Field that holds the line.', { default: 'log' }),
    raw: flag('Keep the bytes as they are, not as text; text has U+FFFD in place of what is not UTF-8.', {
      default: false,
    }),
  },
  create: ({ key, raw }) => ({
    framing: 'lines',
    parse(frame) {
      if (frame.length === 0) return []
      return [{ record: { [key]: raw ? new Uint8Array(frame) : Buffer.from(frame).toString() } }]
    },
  }),
})
