import { defineStage } from 'sluice/http'
import { choice, flag, text } from 'sluice/plugin'

import { redirection } from './redirection.js'

export default defineStage({
  summary: 'Sends clients that ask for one path to another.',
  options: {
    to: text('Where to: a path of this server, or an address such as `https://panel.example/ui`.', {
      required: true,
      pattern: String.raw`^(/(?!/)|https?://[^/?#\s]+)[^?#\s]*$`,
      expects: 'a path such as /ui, or an http or https address, without a query',
    }),
    status: choice(
      'What the client is told: moved for good (`301`, `308`) or for now (`302`, `307`); with `307` and `308` it asks there the same way.',
      ['301', '302', '307', '308'],
      { default: '302' },
    ),
    exact: flag('Only the path itself, and nothing below it.', { default: false }),
  },
  shared: true,
  create({ path, to, status, exact }) {
    const locationOf = redirection({ from: path, to, exact })
    return {
      handle(exchange) {
        const location = locationOf(exchange)
        return location !== undefined && exchange.reply(Number(status), '', { location })
      },
    }
  },
})
