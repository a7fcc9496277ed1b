import { compileLayout, layoutOptions } from 'sluice/layout'
import { defineCodec } from 'sluice/plugin'

export default defineCodec({
  summary: 'Reads binary frames by a declared layout of their fields.',
  options: layoutOptions,
  create({ fields, ...settings }) {
    const read = compileLayout(fields, settings)
    return { framing: 'bytes', parse: (frame) => (frame.length === 0 ? [] : [{ record: read(frame) }]) }
  },
})
