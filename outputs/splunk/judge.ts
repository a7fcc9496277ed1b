import { type Answer, judge, type JudgeContext, type Verdict } from 'sluice/http-client'

const invalidNumber = /"invalid-event-number"\s*:\s*(\d+)/

/**
 * Of a body with an event that it cannot take a collector takes none, or those before it, and says which event that is, counted from
 * 0 (Splunk, "Troubleshoot HTTP Event Collector", `invalid-event-number`): the others are sent again at once.
 */
export function judgeHec(answer: Answer, context: JudgeContext): Verdict {
  const verdict = judge(answer, context)
  const [, digits] = (answer.status === 400 && invalidNumber.exec(answer.text)) || []
  const bad = Number(digits)
  if (!(verdict instanceof Error) || !(bad < context.count)) return verdict
  const others = Array.from({ length: context.count }, (_, event) => event).filter((event) => event !== bad)
  return { refused: new Map([[bad, verdict.message]]), again: { events: others } }
}
