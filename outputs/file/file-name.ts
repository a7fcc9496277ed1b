import { AgentError, compileTemplate } from 'sluice/plugin'
import { join } from 'node:path'

/** Well below the 255 bytes that file systems allow for a name, so that `.1` and the like fit behind it. */
const longestTag = 120

/**
 * The path of a tag's file. Tags may come from the network: nothing in one can lead out of the directory.
 */
export function fileNamer(directory: string, name: string): (tag: string) => string {
  const template = compileTemplate(name)
  if (template({ tag: 'tag', record: {} }) === '') {
    throw new AgentError(
      'FILE_NAME',
      `file: expected a name, or a template of the tag such as "$TAG.log", got ${JSON.stringify(name)}`,
    )
  }
  return (tag) => join(directory, template({ tag: harmless(tag), record: {} }) || '_')
}

function harmless(tag: string): string {
  // oxlint-disable-next-line no-control-regex
  const clean = tag.slice(0, longestTag).replace(/[/\\\u0000-\u001f\u007f]/g, '_')
  return clean.replace(/^\.+/, (dots) => '_'.repeat(dots.length))
}
