import type { LedgerFigures } from '../observe/ledger.js'

type Counted = { readonly [reason: string]: number }

/** The ledger as rows that a reader wants when the agent ends: what was accepted, delivered, dropped and left. */
export function summary({ inputs, outputs }: LedgerFigures): readonly (readonly string[])[] {
  const head = ['', 'accepted', 'delivered', 'dropped', 'left', '']
  const ins = Object.entries(inputs).map(([id, { accepted, added, delivered, filtered, dropped, pending }]) => {
    const notes = { ...dropped, ...(filtered > 0 ? { filtered } : {}) }
    return [id, String(accepted + added), String(delivered), String(total(dropped)), String(pending), reasons(notes)]
  })
  const outs = Object.entries(outputs).map(([id, { routed, delivered, dropped, pending }]) => {
    return [id, String(routed), String(delivered), String(total(dropped)), String(pending), reasons(dropped)]
  })
  return [head, ...ins, ...outs]
}

/** Events that no output delivered or gave up. */
export function leftOver({ outputs }: LedgerFigures): number {
  return Object.values(outputs).reduce((left, { pending }) => left + pending, 0)
}

function total(counted: Counted): number {
  return Object.values(counted).reduce((sum, count) => sum + count, 0)
}

function reasons(counted: Counted): string {
  return Object.entries(counted)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')
}
