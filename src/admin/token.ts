import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import { AgentError, messageOf } from '../plugin/errors.js'
import type { AdminSettings } from './admin-settings.js'

/** Answers whether a header `Authorization` has the token, in a time that tells nothing of it. */
export type TokenTest = (authorization: string | undefined) => boolean

/** Undefined where no token is asked for. Rejects with an AgentError where its file has none. */
export async function tokenTest(token: AdminSettings['token']): Promise<TokenTest | undefined> {
  if (!token) return undefined
  const wanted = digest('text' in token ? token.text : await readToken(token.file))
  return (authorization = '') => {
    const given = /^bearer +(\S.*?) *$/i.exec(authorization)?.[1] ?? ''
    // Headers come in as Latin-1, whatever was sent.
    return timingSafeEqual(digest(Buffer.from(given, 'latin1')), wanted)
  }
}

/** Of one length, as the comparison needs them. */
function digest(token: string | Uint8Array): Buffer {
  return createHash('sha256').update(token).digest()
}

async function readToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AgentError('ADMIN_TOKEN_FILE', `admin.token_file: ${messageOf(error)}`, { cause: error })
  })
  const token = text.split('\n', 1)[0]?.trim() ?? ''
  if (token === '')
    throw new AgentError('ADMIN_TOKEN_FILE', `admin.token_file: expected a token in the first line of ${file}`)
  return token
}
