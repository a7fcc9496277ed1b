import type { ConfigDocument } from './document.js'
import { entryOf, type MapNode, type ScalarNode } from './node.js'

/** What is not the name of a group of servers but that of a file with one, as Fluent Bit has it. */
const fileForm = /\/|\.(conf|ya?ml)$/i

/**
 * Outputs that name a file with a group of servers name the group, which becomes one of the document. `read` answers the group of
 * a file, undefined where there is none, which it has told.
 */
export function withUpstreamFiles(
  document: ConfigDocument,
  read: (file: ScalarNode) => MapNode | undefined,
): ConfigDocument {
  const known = new Set(document.upstreams.map(nameOf))
  const groups = new Map<string, MapNode | undefined>()
  const outputs = document.outputs.map((output) => {
    const named = entryOf(output, 'upstream')?.value
    if (named?.kind !== 'scalar' || known.has(named.text) || !fileForm.test(named.text)) return output
    const place = `${named.position.file}\n${named.text}`
    if (!groups.has(place)) groups.set(place, read(named))
    return naming(output, named, nameOf(groups.get(place)))
  })
  const found = [...groups.values()].filter((group) => group !== undefined)
  return { ...document, outputs, upstreams: [...document.upstreams, ...found] }
}

function nameOf(group: MapNode | undefined): string | undefined {
  const name = group && entryOf(group, 'name')?.value
  return name?.kind === 'scalar' ? name.text : undefined
}

/** Without a name there is something wrong with the file, and nothing to say of the output. */
function naming(output: MapNode, file: ScalarNode, name: string | undefined): MapNode {
  const value: ScalarNode = name === undefined ? { ...file, unset: true } : { ...file, text: name, value: name }
  return { ...output, entries: output.entries.map((entry) => (entry.value === file ? { ...entry, value } : entry)) }
}
