/** What a server of a list is written as: its address, and what is said of it behind that. */
export interface ServerWords {
  readonly address: string
  readonly weight: number
  readonly isStandby: boolean
}

const words = /^(\S+)((?:\s+(?:weight=[1-9]\d{0,2}|standby))*)$/

/** Reads `ADDRESS`, with ` weight=N` or ` standby` behind it or not; undefined where it is written otherwise. */
export function serverWords(text: string): ServerWords | undefined {
  const [found, address = '', rest = ''] = words.exec(text.trim()) ?? []
  if (found === undefined) return undefined
  const [, weight = '1'] = /weight=(\d+)/.exec(rest) ?? []
  return { address, weight: Number(weight), isStandby: rest.includes('standby') }
}
