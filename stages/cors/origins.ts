import { AgentError } from 'sluice/plugin'

/** A scheme, a host, maybe with a star for what stands before its domain, and maybe a port (RFC 6454, section 6.1). */
const originForm = /^([a-z][a-z\d+.-]*:\/\/)(?:\*(?=\.)|[a-z\d-]+|\[[\da-f:.]+\])([a-z\d.-]*(?::\d{1,5})?)$/
const labels = /^[a-z\d-]+(\.[a-z\d-]+)*$/

/** Whether an origin is one of these; browsers send it in lower case and as short as it can be. Throws an AgentError CORS_ORIGIN. */
export function originTest(origins: readonly string[]): (origin: string) => boolean {
  const exact = new Set(origins)
  const wild = origins.filter((origin) => partsOf(origin).isWild).map((origin) => subdomainTest(partsOf(origin)))
  return (origin) => exact.has(origin) || wild.some((isBelow) => isBelow(origin))
}

interface OriginParts {
  /** With its slashes. */
  readonly scheme: string
  /** What follows the first label, or the star. */
  readonly ending: string
  readonly isWild: boolean
}

function partsOf(origin: string): OriginParts {
  // `null` is the origin of pages that have none, such as files (RFC 6454, section 6.1).
  if (origin === '*' || origin === 'null') return { scheme: '', ending: '', isWild: false }
  const found = originForm.exec(origin)
  if (!found) {
    const forms = 'an origin such as https://panel.example or https://*.example:8443, or *'
    throw new AgentError('CORS_ORIGIN', `origins: expected ${forms}, got "${origin}"`)
  }
  const [, scheme = '', ending = ''] = found
  return { scheme, ending, isWild: origin.startsWith(`${scheme}*`) }
}

function subdomainTest({ scheme, ending }: OriginParts): (origin: string) => boolean {
  return (origin) =>
    origin.startsWith(scheme) &&
    origin.endsWith(ending) &&
    labels.test(origin.slice(scheme.length, origin.length - ending.length))
}
