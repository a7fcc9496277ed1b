import type { Group, Summary } from './segment-format.js'

/** The first way in which a summary is not what the frames before it hold: what they hold, and what it says. */
export function summaryDifference(
  held: Summary,
  said: Summary,
): { readonly expected: string; readonly got: string } | undefined {
  const facts = factsOf(held)
  const claims = factsOf(said)
  for (const name of new Set([...facts.keys(), ...claims.keys()])) {
    const [fact, claim] = [facts.get(name), claims.get(name)]
    if (fact !== claim) return { expected: `a summary with ${name}: ${fact ?? 'none'}`, got: claim ?? 'none' }
  }
  return undefined
}

function factsOf({ last, time, uptime, boot, groups }: Summary): ReadonlyMap<string, string> {
  return new Map([
    ['last', String(last)],
    // Heads have whole milliseconds, a summary may have fractions.
    ['time', String(Math.round(time))],
    ['uptime', String(Math.round(uptime))],
    ['boot', boot.padEnd(32, '0')],
    ...groups.map((group) => [groupName(group), groupText(group)] as const),
  ])
}

function groupName({ tag, input, output }: Group): string {
  return `group ${JSON.stringify([tag, input, output])}`
}

function groupText({ chunks, events, bytes }: Group): string {
  return `${chunks} chunks, ${events} events, ${bytes} bytes`
}
