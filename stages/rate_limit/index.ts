import { defineStage } from 'sluice/http'
import { choice, integer, number } from 'sluice/plugin'

import { partOfRate, rateLimit } from './rate-limit.js'

export default defineStage({
  summary: 'Takes only so many requests a second of each client, or of all.',
  options: {
    rate: number('Requests a second that are taken on average.', { required: true, minimum: 0.001, maximum: 1e6 }),
    burst: integer('Requests that are taken at once, after a time without any; by default as many as in a second.', {
      minimum: 1,
      maximum: 1_000_000,
    }),
    per: choice(
      'Who shares this rate: each address, each user that an `auth` stage before it found (else the address), or all.',
      ['address', 'user', 'all'],
      { default: 'address' },
    ),
    max_clients: integer('Clients that are remembered; of more, those that were longest not seen are forgotten.', {
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
    }),
  },
  shared: true,
  create: ({ rate, burst = Math.max(1, Math.ceil(rate)), per, max_clients }, context) =>
    rateLimit(partOfRate({ rate, burst, per, maxClients: max_clients }, context.workers), context),
})
