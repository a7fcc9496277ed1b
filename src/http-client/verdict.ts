import { AgentError, PermanentError, RetryLater } from '../plugin/errors.js'
import { retryAfterMs } from './retry-after.js'

/** What a server answered. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** The beginning of the body. */
  readonly text: string
  /** The same, for those that are no text. */
  readonly bytes?: Uint8Array
  /** There was more of it than is kept. */
  readonly isCut?: boolean
}

/**
 * `too_large` where fewer events may be taken; an error to throw; what became of each where the answer tells; nothing when all
 * events were taken.
 */
export type Verdict = 'too_large' | AgentError | Outcomes | undefined

/** Events count from 0 in the order of the body; those that are not named were taken. */
export interface Outcomes {
  readonly refused: ReadonlyMap<number, string>
  /** Those that another try may bring, in order: later, with this to tell the engine of them, or at once without. */
  readonly again?: { readonly events: readonly number[]; readonly error?: AgentError }
}

export interface JudgeContext {
  readonly where: string
  readonly nowMs: number
  /** How many events the body holds. */
  readonly count: number
}

export type Judge = (answer: Answer, context: JudgeContext) => Verdict

const longestSnippet = 200

/** 4xx that a later try may turn: timed out, replayed early data (RFC 8470, section 5.2), too many requests. */
const passing4xx = new Set([408, 425, 429])

/**
 * 4xx on the request but not on its events, so that any others would be refused too: who asks (401, 403, 407), for what and how
 * (404, 405, 410, 414), in which format (406, 415), of which server (421), and what else its head lacks (402, 411, 426, 428, 431).
 */
const toEverything = new Set([401, 402, 403, 404, 405, 406, 407, 410, 411, 414, 415, 421, 426, 428, 431])

/** What HTTP alone says: the verdict of every server that has no words of its own. */
export function judge(
  answer: Answer,
  { where, nowMs }: Pick<JudgeContext, 'where' | 'nowMs'>,
): Exclude<Verdict, Outcomes> {
  const { status, headers } = answer
  if (status >= 200 && status < 300) return undefined
  if (status === 413) return 'too_large'
  const said = `${where}: answered ${status}${snippetOf(answer.text)}`
  if (status < 400) return redirected(said, headers['location'])
  if (status < 500 && !passing4xx.has(status)) {
    return new PermanentError('HTTP_REFUSED', `${said}; the events would be refused again`, {
      all: toEverything.has(status),
    })
  }
  const waitMs = retryAfterMs(headers['retry-after'], nowMs)
  if (waitMs === undefined) return new AgentError('HTTP_FAILED', said)
  return new RetryLater('HTTP_BUSY', `${said}, asked to wait ${Math.ceil(waitMs / 1000)} s`, waitMs)
}

/**
 * Redirects are not followed: a POST that is redirected may lose its body or its credentials' scope. They are retried and
 * not given up, since the sign-in page of a foreign network answers so to everything.
 */
function redirected(said: string, location: string | undefined): AgentError {
  const target = location === undefined ? '' : ` to ${quote(location)}`
  return new AgentError(
    'HTTP_REDIRECTED',
    `${said}, a redirect${target}, which is not followed; write the final address in host, port and uri`,
  )
}

function snippetOf(text: string): string {
  const words = text.trim()
  return words === '' ? '' : ` ${quote(words)}`
}

/** Foreign text, short, on one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > longestSnippet ? `${text.slice(0, longestSnippet)}…` : text)
}
