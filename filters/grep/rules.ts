import { type Accessor, AgentError, compileAccessor, type Event, firstWord, Pattern, valueText } from 'sluice/plugin'

/** Whether a field of an event matches; one that is missing, a map or a list never does. */
export type Rule = (event: Event) => boolean

export function readRules(option: 'regex' | 'exclude', rules: readonly string[] = []): readonly Rule[] {
  return rules.map((text) => {
    const { word, rest } = firstWord(text)
    const accessor = compileAccessor(word)
    if (accessor && rest !== '') return ruleOf(accessor, new Pattern(rest))
    throw new AgentError(
      'FILTER_GREP_RULE',
      `${option}: expected a field and a pattern such as "log error", got "${text}"`,
    )
  })
}

function ruleOf(accessor: Accessor, pattern: Pattern): Rule {
  return (event) => {
    const text = valueText(accessor(event))
    return text !== undefined && pattern.test(text)
  }
}
