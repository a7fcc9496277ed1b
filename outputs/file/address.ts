import { AgentError, refuseUrlParts } from 'sluice/plugin'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The options that `-o file:///directory/name` stands for; behind a directory with a slash each tag has a file of its own. */
export function optionsOfUrl(url: URL): { readonly [option: string]: unknown } {
  refuseUrlParts(url, ['query', 'fragment'])
  const path = pathOf(url)
  return path.endsWith('/') ? { path } : { path: dirname(path), file: basename(path) }
}

/** Throws for the URL of another host, which is what two slashes and a relative path are. */
function pathOf(url: URL): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    const message = `expected a URL with the whole path, such as file:///directory/name, got "${url.href}"`
    throw new AgentError('FILE_URL', message, { cause: error })
  }
}
