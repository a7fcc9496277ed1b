import { opendir } from 'node:fs/promises'

/** Most names that a listing has. */
const mostNames = 1000

/** In names that no path leads to: a backslash is refused in one, and what is no UTF-8 was read as U+FFFD. */
const unreachable = /[\\\uFFFD]/

/** A page with the names in a folder, folders with a slash; the number of names is bounded, and the page says so. */
export async function listingOf(folder: string, { dotFiles }: { readonly dotFiles: boolean }): Promise<string> {
  const names: string[] = []
  for await (const entry of await opendir(folder)) {
    if (names.length > mostNames) break
    const isShown = (dotFiles || !entry.name.startsWith('.')) && !unreachable.test(entry.name)
    if (isShown && entry.isDirectory()) names.push(`${entry.name}/`)
    else if (isShown && (entry.isFile() || entry.isSymbolicLink())) names.push(entry.name)
  }
  const shown = names.slice(0, mostNames).sort()
  return page(shown, names.length > mostNames)
}

/**
 * What a listing may do in a browser: nothing, whatever names there are. Neither a base, forms nor who shows it in a frame go by
 * `default-src` (CSP Level 3, sections 6.3 and 6.4).
 */
export const listingHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

function page(names: readonly string[], isCut: boolean): string {
  const rows = names.map((name) => `<li><a href="${linkTo(name)}">${escaped(name)}</a></li>`)
  const more = isCut ? '<li>and more</li>' : ''
  return `<!doctype html>\n<meta charset="utf-8">\n<title>Files</title>\n<ul>\n${rows.join('\n')}\n${more}</ul>\n`
}

/** Begins with a dot, so that no name is taken for a scheme. */
function linkTo(name: string): string {
  return `./${name.split('/').map(encodeURIComponent).join('/')}`.replaceAll("'", '%27')
}

function escaped(name: string): string {
  return name.replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
