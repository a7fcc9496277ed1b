import { type Answer, judge, type JudgeContext, type Verdict } from 'sluice/http-client'

const invalidNumber = /"invalid-event-number"\s*:\s*(\d+)/

/**
 * A collector says which event of a body it cannot take, counted from 0 (`invalid-event-number`). Whether it took those before it is
 * not known, so all others are sent again: they may be there twice, and none is lost.
 */
export function judgeHec(answer: Answer, context: JudgeContext): Verdict {
  const verdict = judge(answer, context)
  const [, digits] = (answer.status === 400 && invalidNumber.exec(answer.text)) || []
  const bad = Number(digits)
  if (!(verdict instanceof Error) || !(bad < context.count)) return verdict
  const others = Array.from({ length: context.count }, (_, event) => event).filter((event) => event !== bad)
  return { refused: new Map([[bad, verdict.message]]), again: { events: others } }
}
