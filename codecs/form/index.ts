import { defineCodec, integer } from 'sluice/plugin'
import { parseForm } from './parse.js'

export default defineCodec({
  summary: 'Reads forms as web pages and devices send them: name=value with ampersands between.',
  options: {
    max_fields: integer('Most names and values that a form may have.', { default: 1000, minimum: 1, maximum: 100_000 }),
  },
  create: ({ max_fields }) => ({ framing: 'whole', textFields: true, parse: (frame) => parseForm(frame, max_fields) }),
})
