import { type HttpExchange, jsonText, type ServiceCall } from 'sluice/http'

/** A request as a handler sees it. */
export function callOf(exchange: HttpExchange, body: unknown): ServiceCall {
  return {
    method: exchange.method,
    params: exchange.params,
    query: new URLSearchParams(exchange.query),
    body,
    user: exchange.user,
    get signal() {
      return exchange.signal
    },
    exchange,
    header: (name) => exchange.header(name.toLowerCase()),
    reply: (status, text = '', headers = {}) => void exchange.reply(status, text, { ...headers }),
    json: (value, status = 200) => void exchange.reply(status, jsonText(value), { 'content-type': 'application/json' }),
    html: (text, status = 200) => void exchange.reply(status, text, { 'content-type': 'text/html; charset=utf-8' }),
    problem: (status, detail) => void exchange.problem(status, detail),
  }
}
