import { test } from 'node:test'

import { abuse, noAbuse } from '../support/http2-abuse.js'

test('clients that abuse HTTP/2 lose their connection, and others notice nothing', { skip: noAbuse }, (t) =>
  abuse(t, 'tcp'),
)
