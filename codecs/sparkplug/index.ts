import { defineCodec, flag } from 'sluice/plugin'
import { sparkplugFormatter } from './format.js'
import { sparkplugParser } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes payloads of Sparkplug B, one event for all metrics of one time.',
  options: {
    aliases: flag(
      'Names that births give to aliases are put in their place later on; for payloads of one edge node, or of one device, alone.',
      { default: false },
    ),
  },
  create: ({ aliases }) => ({ framing: 'whole', parse: sparkplugParser(aliases), formatter: sparkplugFormatter }),
})
