import { type Answer, judge, type JudgeContext, quote, type Verdict } from 'sluice/http-client'
import { AgentError, isRecord, messageOf, readJson, type Value } from 'sluice/plugin'

/** What became of one document. */
interface Item {
  readonly status: number
  readonly reason: string
}

/** A document of this id is there: an earlier try brought it (Elasticsearch, "Bulk API", `version_conflict_engine_exception`). */
const conflict = 409

/**
 * A bulk request is answered with 200 even where documents were refused: each has an item, in the order of the body, whose status
 * is that of a request with it alone (Elasticsearch, "Bulk API", "Response body"). Those that the server had no room for are sent again.
 */
export function judgeBulk(answer: Answer, context: JudgeContext): Verdict {
  if (answer.status !== 200) return judge(answer, context)
  // What became of the last of them is not known: fewer have a shorter answer.
  if (answer.isCut && context.count > 1) return 'too_large'
  const items = itemsOf(answer, context)
  if (items instanceof AgentError) return items
  const refused = new Map<number, string>()
  const later: number[] = []
  for (const [event, { status, reason }] of items.entries()) {
    if (isPassing(status)) later.push(event)
    else if (isRefusal(status)) refused.set(event, `${context.where}: ${status} ${reason}`)
  }
  const [first] = later
  if (first === undefined) return { refused }
  const { status, reason } = items[first] ?? {}
  const told = `${context.where}: ${later.length} documents are to be sent again: ${status} ${reason}`
  return { refused, again: { events: later, error: new AgentError('ES_BUSY', told) } }
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500
}

function isRefusal(status: number): boolean {
  return status >= 400 && status !== conflict
}

/** None where nothing was refused. */
function itemsOf({ text }: Answer, { where, count }: JudgeContext): readonly Item[] | AgentError {
  try {
    const body = readJson(Buffer.from(text))
    if (!isRecord(body)) throw new Error('no object')
    if (body['errors'] === false) return []
    const items = Array.isArray(body['items']) ? (body['items'] as readonly Value[]).map(itemOf) : []
    if (items.length === count) return items
    throw new Error(`items for ${items.length} of ${count} documents`)
  } catch (error) {
    return new AgentError('ES_ANSWER', `${where}: expected the answer to a bulk request, got ${messageOf(error)}`)
  }
}

/** `{"create":{"status":400,"error":{"type":"…","reason":"…"}}}` */
function itemOf(item: Value): Item {
  const outcome = isRecord(item) ? Object.values(item)[0] : undefined
  if (!isRecord(outcome) || typeof outcome['status'] !== 'number') throw new Error('an item without a status')
  const { status, error } = outcome
  const { type, reason } = isRecord(error) ? error : {}
  return { status, reason: quote([type, reason].filter((part) => typeof part === 'string').join(': ')) }
}
