import { createHash } from 'node:crypto'

/** Ways to choose one of several servers: the first, each in turn, the one that has least to do, the same one for the same key. */
export type Balance = 'failover' | 'round_robin' | 'least_connections' | 'source_hash'

/** What a choice goes by. */
export interface Candidate {
  /** Names it: what a key is hashed with. */
  readonly where: string
  readonly weight: number
  /** How much it is doing now. */
  readonly active: number
}

/** One of the candidates, of which there is at least one; they stand in the order of the configuration. */
export type Choose<C extends Candidate> = (candidates: readonly C[], key: string) => C

/** A way to choose, with the memory that it needs for itself. */
export function chooser<C extends Candidate>(balance: Balance): Choose<C> {
  switch (balance) {
    case 'failover':
      return ([first]) => first as C
    case 'round_robin':
      return roundRobin()
    case 'least_connections':
      return (candidates) => most(candidates, ({ active, weight }) => -(active + 1) / weight)
    case 'source_hash':
      return (candidates, key) => most(candidates, (candidate) => affinity(key, candidate))
  }
}

/**
 * Each in turn, by its weight, and those of much weight not many times in a row: each gains its weight at every turn, and who has
 * most is chosen and pays what all gained.
 */
function roundRobin<C extends Candidate>(): Choose<C> {
  const credit = new Map<C, number>()
  return (candidates) => {
    let sum = 0
    for (const candidate of candidates) {
      sum += candidate.weight
      credit.set(candidate, (credit.get(candidate) ?? 0) + candidate.weight)
    }
    const chosen = most(candidates, (candidate) => credit.get(candidate) ?? 0)
    credit.set(chosen, (credit.get(chosen) ?? 0) - sum)
    return chosen
  }
}

/**
 * Rendezvous hashing (Thaler and Ravishankar, 1998), by weight: when one server goes only its own keys move to others, and they
 * come back with it.
 */
function affinity(key: string, { where, weight }: Candidate): number {
  const digest = createHash('sha256').update(`${key} ${where}`).digest()
  const share = (digest.readUInt32BE() + 0.5) / 2 ** 32
  return -weight / Math.log(share)
}

/** The first of those with the highest score. */
function most<C>(candidates: readonly C[], score: (candidate: C) => number): C {
  let best = candidates[0] as C
  let bestScore = score(best)
  for (const candidate of candidates.slice(1)) {
    const its = score(candidate)
    if (its > bestScore) [best, bestScore] = [candidate, its]
  }
  return best
}
