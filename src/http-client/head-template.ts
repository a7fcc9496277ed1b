import { type Template, compileTemplate } from '../event/accessor.js'
import { splitTemplate } from '../event/accessor-text.js'
import type { Event } from '../event/event.js'
import { pathOf } from './address.js'
import type { RequestHead } from './poster.js'

/** What a head may be made of: texts with accessors among them. */
export interface HeadTexts {
  readonly method: RequestHead['method']
  readonly uri: string
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** As the user wrote them; they take the place of `headers`. */
  readonly templates: { readonly [name: string]: string }
}

type Source = Pick<Event, 'tag' | 'record'>

/** Makes the heads of requests; undefined for an event that lacks what its path needs. */
export interface HeadTemplate {
  /** What heads differ by: nothing, the tag, or anything in a record. */
  readonly by: 'nothing' | 'tag' | 'event'
  of(source: Source): RequestHead | undefined
}

/** Stands where an event has no such field: no path, as no value that is percent-encoded, has one. */
const missing = '\0'

export function compileHead({ method, uri, headers, templates }: HeadTexts): HeadTemplate {
  const path = compileTemplate(pathOf(uri), missing, encodeURIComponent)
  const written = Object.entries(templates).map(
    ([name, text]) => [name, compileTemplate(text, '', headerText)] as const,
  )
  const by = variesBy([uri, ...Object.values(templates)])
  return {
    by,
    of(source) {
      const filled = path(source)
      if (filled.includes(missing)) return undefined
      return { method, path: filled, headers: { ...headers, ...filledIn(written, source) } }
    },
  }
}

function filledIn(
  templates: readonly (readonly [string, Template])[],
  source: Source,
): { readonly [name: string]: string } {
  return Object.fromEntries(templates.map(([name, template]) => [name, template(source)]))
}

function variesBy(texts: readonly string[]): HeadTemplate['by'] {
  const kinds = texts.flatMap(splitTemplate).map((part) => (typeof part === 'string' ? 'plain' : part.kind))
  if (kinds.includes('field')) return 'event'
  return kinds.includes('tag') ? 'tag' : 'nothing'
}

/** What no header may hold (RFC 9110, section 5.5) is percent-encoded, as UTF-8. */
function headerText(text: string): string {
  const encode = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return text.replace(/[^\x20-\x7e]/gu, (mark) => Array.from(Buffer.from(mark), encode).join(''))
}
