import { defineStage } from 'sluice/http'
import { duration, flag, list } from 'sluice/plugin'

import { cors } from './cors.js'

export default defineStage({
  summary: 'Lets pages of other origins ask this server from a browser.',
  options: {
    origins: list(
      'Origins that may ask, such as `https://panel.example` or `https://*.example`, or `*` for all of them.',
      { required: true },
    ),
    methods: list('Methods that pages may use.', { default: ['GET', 'HEAD', 'POST'] }),
    headers: list('Headers that pages may send, besides those that every page may.', { default: ['content-type'] }),
    expose_headers: list('Headers of answers that pages may read, besides those that every page may.'),
    credentials: flag('Let browsers send cookies and passwords along, and pages read the answers.', { default: false }),
    max_age: duration('How long a browser may remember what it was told.', { default: '10m', maximum: 86_400_000 }),
  },
  shared: true,
  create: (options) => cors(options),
})
