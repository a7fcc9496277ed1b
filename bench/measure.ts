/** How long one round should at least take, so that the clock's grain and a collection more or less do not count. */
const roundMs = 60
const rounds = 7

/** What one unit of work costs in nanoseconds of this process's CPU: the median of several rounds, after as many to warm up. */
export function measure(units: number, work: () => unknown): number {
  const repeats = calibrate(work)
  const costs = Array.from({ length: rounds }, () => (cpuOf(work, repeats) * 1000) / (repeats * units))
  return median(costs)
}

/** Prints costs beside each other: a row for each work, with its ratio to the floor named in the same row. */
export function printCosts(title: string, rows: readonly CostRow[]): void {
  console.log(title)
  for (const { name, cost, unit, floor } of rows) {
    const against = floor ? `  ${(cost / floor.cost).toFixed(2)} × ${floor.name} (${floor.cost.toFixed(0)} ns)` : ''
    console.log(`  ${name.padEnd(34)}${cost.toFixed(0).padStart(7)} ns/${unit}${against}`)
  }
}

export interface CostRow {
  readonly name: string
  /** Nanoseconds of CPU. */
  readonly cost: number
  readonly unit: string
  /** The least that the platform itself takes for the same, measured in the same run. */
  readonly floor?: { readonly name: string; readonly cost: number }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Microseconds of CPU, of the system's side too. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function calibrate(work: () => unknown): number {
  let repeats = 1
  for (let spent = 0; spent < roundMs * 1000 * rounds; spent += cpuOf(work, repeats)) {
    if (cpuOf(work, repeats) < roundMs * 1000) repeats *= 2
  }
  return repeats
}

function cpuOf(work: () => unknown, repeats: number): number {
  const start = cpuMicros()
  for (let left = repeats; left > 0; left--) work()
  return cpuMicros() - start
}
