import { type FollowSettings, parseGlob, parsePathPattern } from 'sluice/files'
import { AgentError, type ValuesOf } from 'sluice/plugin'
import type { options } from './options.js'

export type TailOptions = ValuesOf<typeof options> & { readonly tag: string }

/** What of the options needs work once. */
export interface Settings extends TailOptions, FollowSettings {}

/** Lists may be lists, or one text with commas, as Fluent Bit has them. */
const parts = (list: readonly string[]): string[] =>
  list
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')

export function toSettings(given: TailOptions): Settings {
  const paths = parts(given.path)
  if (paths.length === 0) throw new AgentError('TAIL_NO_PATH', 'path: expected at least one path, got none')
  return {
    ...given,
    globs: paths.map(parseGlob),
    excluded: parts(given.exclude_path ?? []).map(parsePathPattern),
    fromHead: given.read_from_head,
    ignoreOlderMs: given.ignore_older,
  }
}

/** With a `*` in the option, each file has a tag of its own: its path stands for the `*`, dots for slashes. */
export function tagOf(tag: string, path: string): string {
  const dotted = path.replaceAll(/\/+/g, '.').replace(/^\.+/, '')
  return tag.replace('*', () => dotted)
}
