import { readEvents } from '../event/entry-reader.js'
import type { HeadTemplate } from './head-template.js'
import type { RequestHead } from './poster.js'
import { partOf, type Span } from './span.js'

/** Events that one request brings; without a head they are such as no request can be made for. */
export interface RequestSpan extends Span {
  readonly head: RequestHead | undefined
}

/** Each kind of head in a request of its own, in the order in which they are met. */
export function requestSpans(pending: Span, template: HeadTemplate): readonly RequestSpan[] {
  if (pending.count === 0) return []
  if (template.by === 'nothing') return [{ ...pending, head: template.of({ tag: '', record: {} }) }]
  const groups = new Groups()
  for (const chunk of pending.chunks) {
    if (template.by === 'tag') groups.add(template.of({ tag: chunk.tag, record: {} }), chunk.count)
    else for (const event of readEvents(chunk)) groups.add(template.of(event), 1)
  }
  return groups.spansOf(pending)
}

interface Group {
  readonly head: RequestHead | undefined
  readonly runs: { first: number; count: number }[]
}

class Groups {
  readonly #groups = new Map<string, Group>()
  #place = 0

  /** The next `count` events have this head. */
  add(head: RequestHead | undefined, count: number): void {
    const key = head ? JSON.stringify(head) : ''
    const group = this.#groups.get(key) ?? { head, runs: [] }
    this.#groups.set(key, group)
    const last = group.runs.at(-1)
    if (last && last.first + last.count === this.#place) last.count += count
    else group.runs.push({ first: this.#place, count })
    this.#place += count
  }

  spansOf(pending: Span): RequestSpan[] {
    const groups = [...this.#groups.values()]
    return groups.map(({ head, runs }) => ({ ...partOf(pending, runs), head }))
  }
}
