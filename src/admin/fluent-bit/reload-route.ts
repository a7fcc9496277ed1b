import type { HttpExchange } from '../../http/http-exchange.js'
import type { Handler } from '../../http/router.js'
import type { ReloadAnswer, Reloads } from '../reloads.js'

/** The answers of Fluent Bit (src/http_server/api/v2/reload.c), with a status that says so where nothing is reloaded. */
const answers: { readonly [outcome in ReloadAnswer['outcome']]: readonly [http: number, body: object] } = {
  begun: [200, { reload: 'done', status: 0 }],
  'in progress': [400, { reload: 'in progress', status: -2 }],
  stopping: [503, { reload: 'stopping', status: -4 }],
  refused: [400, { reload: 'refused', status: -3 }],
}

/** Answers before the new pipeline takes over, since it is the old one that answers. */
export function reloadRoute(reloads: Reloads | undefined, isOffered: boolean): Handler {
  if (!reloads) return (exchange) => json(exchange, 501, { reload: 'unsupported', status: -1 })
  if (!isOffered) return (exchange) => json(exchange, 403, { reload: 'not enabled', status: -1 })
  return async (exchange) => {
    const answer = await reloads.reload()
    const [status, body] = answers[answer.outcome]
    return json(exchange, status, answer.outcome === 'refused' ? { ...body, problems: answer.problems } : body)
  }
}

function json(exchange: HttpExchange, status: number, value: object): true {
  return exchange.reply(status, JSON.stringify(value), { 'content-type': 'application/json' })
}
