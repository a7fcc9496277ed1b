import { type Cancel, type Clock, systemClock } from '../base/clock.js'
import { type Position, positionText, type Problem, problemAt } from '../config/node.js'
import type { CheckedStage } from '../config/pipeline.js'
import { messageOf } from '../plugin/errors.js'
import type { FurtherLook } from './pipeline.js'

/** How long a look may take before somebody is told what is waited for. */
const patienceMs = 2000

/**
 * Has stages look at programs of the user's, which a start loads and a check only looks at, for what is wrong with them. `tell` is
 * called with a line for each that takes long.
 */
export function lookAtStages(
  tell: (line: string) => void = () => undefined,
  clock: Pick<Clock, 'after'> = systemClock,
): FurtherLook {
  const tellLate = (position: Position, id: string): Cancel =>
    clock.after(patienceMs, () => tell(`${positionText(position)}: ${id}: still loading what it runs …`))
  return async ({ servers }) => {
    const stages = servers.flatMap((server) => server.stages)
    const found = await Promise.all(stages.map((stage) => lookAt(stage, tellLate)))
    return found.flat()
  }
}

async function lookAt(
  { id, position = { file: id }, plugin, options }: CheckedStage,
  tellLate: (position: Position, id: string) => Cancel,
): Promise<readonly Problem[]> {
  const cancel = tellLate(position, id)
  try {
    await plugin.definition.check?.(options)
    return []
  } catch (error) {
    return [problemAt(position, `${id}: ${messageOf(error)}`)]
  } finally {
    cancel()
  }
}
