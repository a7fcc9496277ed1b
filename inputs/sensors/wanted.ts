import type { Device } from './device.js'

interface Patterns {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

/** Which devices are read, by patterns of their names or of what they hang on; `*` stands for anything, `?` for one character. */
export function wantedDevices({ allow, deny }: Patterns): (device: Pick<Device, 'name' | 'device'>) => boolean {
  const allowed = allow.map(wildcard)
  const denied = deny.map(wildcard)
  return ({ name, device }) => {
    const isMeant = (pattern: RegExp): boolean => pattern.test(name) || pattern.test(device)
    return (allowed.length === 0 || allowed.some(isMeant)) && !denied.some(isMeant)
  }
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u')
}
