import { execFileSync } from 'node:child_process'

import type { TestProcess } from './process.js'

/** The processes that a program has started and that still run. */
export function childrenOf({ pid }: Pick<TestProcess, 'pid'>): number[] {
  const found = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = found.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.filter(([, parent]) => parent === pid).map(([child = 0]) => child)
}
