import assert from 'node:assert/strict'

import type { LedgerFigures } from '../../src/observe/ledger.js'

/** Nothing that came in is in no figure. */
export function assertBalanced({ inputs, outputs }: LedgerFigures): void {
  for (const [id, each] of Object.entries(inputs)) {
    const { accepted, added, filtered, delivered, dropped, pending } = each
    assert.equal(accepted + added, filtered + delivered + sum(dropped) + pending, `${id}: ${JSON.stringify(each)}`)
    assert.ok(pending >= 0, `${id}: ${JSON.stringify(each)}`)
  }
  for (const [id, each] of Object.entries(outputs)) {
    const { routed, delivered, dropped, pending } = each
    assert.equal(routed, delivered + sum(dropped) + pending, `${id}: ${JSON.stringify(each)}`)
    assert.ok(pending >= 0, `${id}: ${JSON.stringify(each)}`)
  }
}

/** Of all reasons. */
export function sum(counted: { readonly [reason: string]: number }): number {
  return Object.values(counted).reduce((total, each) => total + each, 0)
}
