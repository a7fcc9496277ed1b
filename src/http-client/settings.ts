import type { Formatter } from '../plugin/context.js'
import type { ClientOptions } from './client-options.js'
import type { Compression } from './compress.js'
import type { HeadTexts } from './head-template.js'
import { authorizationOf, checkedHeaders } from './headers.js'
import type { RequestHead } from './poster.js'
import type { Judge } from './verdict.js'

/** What one output over HTTP is made of. */
export interface HttpOutputSettings {
  readonly options: ClientOptions
  /** Path with its query; accessors in it are filled in from tag and record. */
  readonly uri: string
  readonly formatter: Formatter
  readonly method?: RequestHead['method']
  /** Headers that the server asks for. Names in lower case. */
  readonly headers?: { readonly [name: string]: string }
  /** Headers besides those of the option `header`, with accessors among their values as these may have. */
  readonly templates?: { readonly [name: string]: string }
  readonly compress?: Compression | undefined
  /** What an answer means to this server, where that is not what HTTP says. */
  readonly judge?: Judge
  /** The beginning of an answer that the judge has to see. */
  readonly answerBytes?: number
}

/** What the heads of its requests are made of. Throws an AgentError where that cannot be sent. */
export function headTextsOf({ options, formatter, compress, ...given }: HttpOutputSettings): HeadTexts {
  const templates = checkedHeaders({ ...options.header, ...given.templates })
  const own = checkedHeaders(given.headers ?? {})
  const headers = {
    'content-type': formatter.contentType,
    ...formatter.headers,
    ...(compress ? { 'content-encoding': compress } : {}),
    ...own,
    ...authorizationOf(options, { ...own, ...templates }),
  }
  return { method: given.method ?? 'POST', uri: given.uri, headers, templates }
}
