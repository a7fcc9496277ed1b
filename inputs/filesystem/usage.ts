import type { StatsFs } from 'node:fs'
import type { EventRecord } from 'sluice/plugin'

/**
 * In bytes, as `df` counts: what is kept back for root is neither used nor free, and the percentage is of what users may have.
 * File systems without room of their own, such as /proc, are 0 % full.
 */
export function usageOf({
  bsize,
  blocks,
  bfree,
  bavail,
}: Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail'>): EventRecord {
  const used = blocks - bfree
  const usable = used + bavail
  return {
    total: blocks * bsize,
    used: used * bsize,
    free: bavail * bsize,
    used_p: usable === 0 ? 0 : (used * 100) / usable,
  }
}
