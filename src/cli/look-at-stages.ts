import { type Problem, problemAt } from '../config/node.js'
import type { CheckedPipeline, CheckedStage } from '../config/pipeline.js'
import { messageOf } from '../plugin/errors.js'

/** What stages find wrong with programs of the user's, which a start loads and a check only looks at. */
export async function lookAtStages({ servers }: CheckedPipeline): Promise<readonly Problem[]> {
  const found = await Promise.all(servers.flatMap(({ stages }) => stages).map(lookAt))
  return found.flat()
}

async function lookAt({ id, position, plugin, options }: CheckedStage): Promise<readonly Problem[]> {
  try {
    await plugin.definition.check?.(options)
    return []
  } catch (error) {
    return [problemAt(position ?? { file: id }, `${id}: ${messageOf(error)}`)]
  }
}
