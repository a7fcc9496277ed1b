import { AgentError } from 'sluice/plugin'

/** What a shell would act on; without one it would silently mean nothing. */
const shellCharacters = /[|;&$`<>*?~(){}\n]/

/** Either a quoted part, a character behind a backslash, or a run of anything else that is no space. */
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/y

/**
 * A command to its words: several are taken as they are, one text is split at spaces outside quotes. Throws an AgentError
 * `EXEC_COMMAND` for a text that wants a shell, or whose quotes do not end.
 */
export function commandWords(command: readonly string[]): readonly [string, ...string[]] {
  const [first = '', ...rest] = command
  const [program = '', ...args] = rest.length > 0 ? command : split(first)
  if (program !== '') return [program, ...args]
  throw new AgentError('EXEC_COMMAND', 'command: expected a program, got nothing')
}

function split(text: string): string[] {
  const words: string[] = []
  let at = 0
  let joins = false
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      joins = false
      at++
      continue
    }
    part.lastIndex = at
    const found = part.exec(text)
    if (!found) throw new AgentError('EXEC_COMMAND', `command: expected an end of the quotes in "${text}"`)
    const word = wordOf(found, text)
    words.push(joins ? `${words.pop() ?? ''}${word}` : word)
    joins = true
    at = part.lastIndex
  }
  return words
}

function wordOf([, single, double, escaped, bare]: RegExpExecArray, text: string): string {
  if (bare !== undefined && shellCharacters.test(bare)) {
    const advice = `command: [sh, -c, ${JSON.stringify(text)}]`
    throw new AgentError(
      'EXEC_COMMAND',
      `command: expected words, got "${bare}", which only a shell knows; write ${advice}`,
    )
  }
  return single ?? double?.replace(/\\(.)/g, '$1') ?? escaped ?? bare ?? ''
}
