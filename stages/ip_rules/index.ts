import { defineStage } from 'sluice/http'
import { flag, list } from 'sluice/plugin'

import { addressRules } from './address-rules.js'
import { connectionGuard, requestGuard } from './guards.js'

export default defineStage({
  summary: 'Lets clients in, or keeps them out, by their address.',
  options: {
    allow: list('Addresses and networks that are let in, such as `192.168.1.0/24` or `fd00::/8`; by default all.'),
    deny: list('Addresses and networks that are kept out, even where `allow` has them.'),
    allow_unix: flag('Let in who comes over a unix socket, and has no address.', { default: true }),
  },
  shared: true,
  create(options) {
    const lets = addressRules(options)
    const isEverywhere = options.path === '/' && (options.hosts ?? []).length === 0
    return isEverywhere ? connectionGuard(lets) : requestGuard(lets)
  },
})
