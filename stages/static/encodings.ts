/** How a file may lie compressed beside itself, what is smaller before what is larger: name of the coding → ending. */
export const endings = { br: '.br', gzip: '.gz' } as const

export type Encoding = keyof typeof endings

/**
 * The codings that a client takes, those that it would rather have in front, else in the order of the endings; none that it likes
 * less than no coding at all (RFC 9110, section 12.5.3).
 */
export function acceptedEncodings(header = ''): readonly Encoding[] {
  const weights = new Map(header.split(',').map(weighed))
  const weightOf = (name: string): number => weights.get(name) ?? weights.get('*') ?? 0
  const plain = weights.get('identity') ?? 0
  return (Object.keys(endings) as Encoding[])
    .filter((name) => weightOf(name) > 0 && weightOf(name) >= plain)
    .sort((one, other) => weightOf(other) - weightOf(one))
}

function weighed(part: string): readonly [string, number] {
  const [name = '', ...parameters] = part.toLowerCase().split(';')
  const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return [name.trim(), weight === undefined ? 1 : Number(weight)]
}
