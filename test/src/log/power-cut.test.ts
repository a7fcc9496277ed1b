import { describe, it } from 'node:test'

import { cuts, liveThrough, usual } from '../../support/histories.js'
import type { Setting } from '../../support/power-cuts.js'

const settings: { readonly [name: string]: Setting } = {
  'a durable lane': { lane: { mode: 'durable' } },
  'a durable lane with little room on disk': { lane: { mode: 'durable', disk_limit: 8192 }, maxInFlight: 3 },
  'a durable lane, newest first': { lane: { mode: 'durable' }, newestFirst: true },
  'a lane that spills': { lane: { mode: 'spill' }, maxInFlight: 2 },
  'a lane that spills, with little memory': { lane: { mode: 'spill', memory: 64 * 1024 } },
}

describe('whatever power cuts leave of the disk', () => {
  for (const [name, setting] of Object.entries(settings))
    it(`${name} delivers all that was stored, knows of no other event, and balances its ledger`, (t) =>
      liveThrough(t, setting, [...usual, cuts]))
})
