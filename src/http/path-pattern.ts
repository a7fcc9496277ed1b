import { HttpError } from './http-error.js'

export interface Params {
  readonly [name: string]: string
}

/** Whether a path is of a pattern, and what its parts stand for, percent-decoded; what a final `*` stands for stays encoded. */
export function pathMatcher(pattern: string): (path: string) => Params | undefined {
  const parts = pattern.split('/')
  const names = parts.flatMap((part) => (part.startsWith(':') ? [part.slice(1)] : part === '*' ? ['*'] : []))
  const expression = new RegExp(`^${parts.map(partExpression).join('/')}$`)
  return (path) => {
    const found = expression.exec(path)
    return found ? Object.fromEntries(names.map((name, at) => [name, partOf(name, found[at + 1] ?? '')])) : undefined
  }
}

function partExpression(part: string): string {
  if (part === '*') return '(.*)'
  return part.startsWith(':') ? '([^/]*)' : part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

function partOf(name: string, text: string): string {
  return name === '*' ? text : decoded(text)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, `path: expected percent-encoded UTF-8, got "${segment}"`)
  }
}
