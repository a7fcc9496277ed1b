import { AgentError, messageOf, parsePasswordHash, type PasswordUser } from 'sluice/plugin'

export interface Token {
  readonly user: string
  readonly scopes?: readonly string[]
}

export type Users = ReadonlyMap<string, PasswordUser>
/** By the SHA-256 of the token, in hexadecimal. */
export type Tokens = ReadonlyMap<string, Token>

/** Lines `NAME:HASH`; empty ones and those that begin with # say nothing. Throws an AgentError AUTH_LINE. */
export function parseUsers(content: string): Users {
  return parseLines(content, (line) => {
    const [name = '', text = ''] = halves(line)
    return [name, { hash: parsePasswordHash(text), text }]
  })
}

/** Lines `NAME:SHA256[:SCOPE,SCOPE]`. Throws an AgentError AUTH_LINE. */
export function parseTokens(content: string): Tokens {
  return parseLines(content, (line) => {
    const [, user = '', digest = '', scopes] = /^([^:]+):([\da-f]{64})(?::([^:]*))?$/i.exec(line) ?? []
    if (user === '') throw new AgentError('AUTH_TOKEN', 'expected NAME:SHA256 or NAME:SHA256:SCOPE,SCOPE')
    return [digest.toLowerCase(), scopes === undefined ? { user } : { user, scopes: wordsOf(scopes) }]
  })
}

function parseLines<V>(content: string, parse: (line: string) => readonly [string, V]): ReadonlyMap<string, V> {
  const values = new Map<string, V>()
  for (const [at, text] of content.split('\n').entries()) {
    const line = text.trim()
    if (line === '' || line.startsWith('#')) continue
    const [key, value] = parsed(line, at + 1, parse)
    if (values.has(key)) throw new AgentError('AUTH_LINE', `line ${at + 1}: expected each name and token once`)
    values.set(key, value)
  }
  return values
}

/** What is told of a line is never the line itself. */
function parsed<T>(line: string, number: number, parse: (line: string) => T): T {
  try {
    return parse(line)
  } catch (error) {
    throw new AgentError('AUTH_LINE', `line ${number}: ${messageOf(error)}`, { cause: error })
  }
}

function halves(line: string): readonly string[] {
  const at = line.indexOf(':')
  return at < 1 ? [] : [line.slice(0, at), line.slice(at + 1)]
}

function wordsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
