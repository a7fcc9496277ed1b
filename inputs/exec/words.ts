import { AgentError } from 'sluice/plugin'

/** What a shell would act on outside quotes; without one it would silently mean something else. */
const shellWord = /[|;&$`<>*?~(){}]|^#/
/** What it would still act on between double quotes. */
const expansion = /(?<!\\)(?:\\\\)*[$`]/
/** A first word that a shell would take for a setting of the environment. */
const assignment = /^[A-Za-z_]\w*=/

/** Either a quoted part, a character behind a backslash, or a run of anything else that is no space. */
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/sy

/**
 * A command to its words: a list is taken as it is, a text is split at spaces outside quotes, as a shell does it. Throws an
 * AgentError `EXEC_COMMAND` for a text that wants more of a shell, or whose quotes do not end.
 */
export function commandWords(command: string | readonly string[]): readonly [string, ...string[]] {
  const [program = '', ...args] = typeof command === 'string' ? split(command.trim()) : command
  if (program === '') throw new AgentError('EXEC_COMMAND', 'command: expected a program, got nothing')
  return [program, ...args]
}

function split(text: string): string[] {
  const words: string[] = []
  let at = 0
  let joins = false
  while (at < text.length) {
    part.lastIndex = at
    const found = part.exec(text)
    if (found) {
      const word = wordOf(found, text)
      if (joins) words.push(`${words.pop() ?? ''}${word}`)
      else words.push(word)
      at = part.lastIndex
    } else if (/\s/.test(text[at] ?? '')) at++
    else throw new AgentError('EXEC_COMMAND', `command: expected an end of the quotes in "${text}"`)
    joins = found !== null
  }
  return words
}

function wordOf(found: RegExpExecArray, text: string): string {
  const [source, single, double, escaped, bare] = found
  if (bare !== undefined) return bareWord(bare, found.index === 0, text)
  if (double !== undefined && expansion.test(double)) throw wantsShell(source, text)
  return single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? escaped ?? ''
}

function bareWord(word: string, first: boolean, text: string): string {
  if (shellWord.test(word) || (first && assignment.test(word))) throw wantsShell(word, text)
  return word
}

function wantsShell(what: string, text: string): AgentError {
  // Both formats of the configuration can write it so; a list only YAML can.
  const advice = text.includes("'") ? `[sh, -c, ${JSON.stringify(text)}]` : `sh -c '${text}'`
  return new AgentError(
    'EXEC_COMMAND',
    `command: expected words, got "${what}", which only a shell knows; write command: ${advice}`,
  )
}
