import type { InputContext } from '../../plugin/context.js'
import type { Api } from './api.js'

/** Prometheus Remote-Write 1.0 specification. */
export function prometheus(context: InputContext): Api {
  return {
    endpoints: {
      'POST /api/v1/write': () => ({
        reading: () => context.parser('prometheus_remote_write'),
        accept: (exchange) => exchange.reply(204),
        refuse: (exchange, { status, headers, message }) =>
          exchange.reply(status, `${message}\n`, { 'content-type': 'text/plain; charset=utf-8', ...headers }),
      }),
    },
  }
}
