import { HttpError } from './http-error.js'

export interface Params {
  readonly [name: string]: string
}

/** Whether a path is of a pattern, and what its parts stand for, percent-decoded; what a final `*` stands for stays encoded. */
export function pathMatcher(pattern: string): (path: string) => Params | undefined {
  const parts = pattern.split('/')
  const isOpen = parts.at(-1) === '*'
  if (isOpen) parts.pop()
  return (path) => {
    const segments = path.split('/')
    if (isOpen ? segments.length <= parts.length : segments.length !== parts.length) return undefined
    if (!parts.every((part, at) => part.startsWith(':') || part === segments[at])) return undefined
    return { ...namedParts(parts, segments), ...(isOpen ? { '*': segments.slice(parts.length).join('/') } : {}) }
  }
}

function namedParts(parts: readonly string[], segments: readonly string[]): Params {
  const named = parts.flatMap((part, at) =>
    part.startsWith(':') ? [[part.slice(1), decoded(segments[at] ?? '')]] : [],
  )
  return Object.fromEntries(named) as Params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, `path: expected percent-encoded UTF-8, got "${segment}"`)
  }
}
