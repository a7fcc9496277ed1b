/** Names of fields one inside the other; a number is a place in a list. */
export type Path = readonly (string | number)[]

export type AccessorPart =
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'tag'; readonly index: number | undefined }
  | { readonly kind: 'capture'; readonly index: number }

const accessor = /\$(?:(\d)|(?:([\p{L}\p{N}_@-]+)|(?=\[['"]))((?:\['[^']*'\]|\["[^"]*"\]|\[\d+\])*))/uy
const subscript = /\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g

/** An accessor that takes up the whole text, if it is one. */
export function parseAccessor(text: string): AccessorPart | undefined {
  const found = accessorAt(text, 0)
  return found && found.length === text.length ? found.part : undefined
}

/** Text cut into plain pieces and accessors. */
export function splitTemplate(text: string): (string | AccessorPart)[] {
  const parts: (string | AccessorPart)[] = []
  let plain = ''
  for (let at = 0; at < text.length;) {
    const found = text[at] === '$' ? accessorAt(text, at) : undefined
    if (found) {
      parts.push(plain, found.part)
      plain = ''
      at += found.length
    } else {
      plain += text.charAt(at)
      at += text.startsWith('$$', at) ? 2 : 1
    }
  }
  return [...parts, plain].filter((part) => part !== '')
}

function accessorAt(text: string, at: number): { readonly part: AccessorPart; readonly length: number } | undefined {
  accessor.lastIndex = at
  const found = accessor.exec(text)
  if (!found) return undefined
  const [{ length }, capture, name, subscripts = ''] = found
  if (capture !== undefined) return { part: { kind: 'capture', index: Number(capture) }, length }
  const keys = Array.from(
    subscripts.matchAll(subscript),
    ([, single, double, index]) => single ?? double ?? Number(index),
  )
  if (name !== 'TAG') return { part: { kind: 'field', path: name === undefined ? keys : [name, ...keys] }, length }
  const [index] = keys
  return keys.length > 1 || typeof index === 'string' ? undefined : { part: { kind: 'tag', index }, length }
}
