import { systemClock } from '../base/clock.js'
import { Agent } from '../engine/agent.js'
import { Log } from '../observe/log.js'
import { counted } from '../base/counted.js'
import { parseRunArguments } from './direct-form.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { lookAtStages } from './look-at-stages.js'
import { built, checkedPipeline } from './pipeline.js'
import type { Terminal } from './terminal.js'

/** `sluice check`: tells everything that is wrong with a configuration. Touches no network and no device. */
export async function check(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const given = parseRunArguments(args)
  const checked = await checkedPipeline(
    given,
    terminal,
    lookAtStages((line) => terminal.err(line)),
  )
  const silent = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, systemClock)
  if (!checked || !(await built(() => Agent.build(checked, { log: silent }), terminal))) return exitCodes.config
  const { inputs, filters, outputs, servers } = checked
  const parts = [counted(inputs.length, 'input'), counted(filters.length, 'filter'), counted(outputs.length, 'output')]
  if (servers.length > 0) parts.push(counted(servers.length, 'server'))
  terminal.out(`${given.config ?? 'command line'}: good: ${parts.join(', ')}`)
  return exitCodes.ok
}
