/** How a file may lie compressed beside itself, what is smaller before what is larger: name of the coding → ending. */
export const endings = { br: '.br', gzip: '.gz' } as const

export type Encoding = keyof typeof endings

/** The codings that a client takes (RFC 9110, section 12.5.3), in the order of the endings. */
export function acceptedEncodings(header = ''): readonly Encoding[] {
  const weights = new Map(header.split(',').map(weighed))
  const isTaken = (name: string): boolean => (weights.get(name) ?? weights.get('*') ?? 0) > 0
  return (Object.keys(endings) as Encoding[]).filter(isTaken)
}

function weighed(part: string): readonly [string, number] {
  const [name = '', ...parameters] = part.toLowerCase().split(';')
  const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return [name.trim(), weight === undefined ? 1 : Number(weight)]
}
