import { inOrder, problemText } from '../config/node.js'
import { systemClock } from '../base/clock.js'
import type { Agent } from '../engine/agent.js'
import { loggerOf } from '../engine/contexts.js'
import { type Reading, ReloadingAgent } from '../engine/reloading-agent.js'
import type { Log } from '../observe/log.js'
import { parseRunArguments, type RunArguments } from './direct-form.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { holdHangUps } from './hang-ups.js'
import { openLog } from './log-file.js'
import { lookAtStages } from './look-at-stages.js'
import { outliveServices } from './outlive-services.js'
import { built, checkedPipeline, readPipeline } from './pipeline.js'
import { leftOver, summary } from './summary.js'
import { supervised } from './systemd/supervised.js'
import type { Terminal } from './terminal.js'
import { holdYoungSpace } from './young-space.js'

/** `sluice run`: runs a pipeline until it is told to stop or all of its inputs are done. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  holdYoungSpace()
  const onHangUp = holdHangUps()
  const given = parseRunArguments(args)
  const checked = await checkedPipeline(given, terminal)
  if (!checked) return exitCodes.config
  const log = openLog(checked.service, terminal)
  const manager = await supervised(process.env, systemClock, loggerOf(log, 'systemd'))
  try {
    const read = (): Promise<Reading> => readAgain(given, terminal)
    const build = () => ReloadingAgent.build({ checked, log }, read, systemClock, manager)
    const reloading = await built(build, terminal)
    if (!reloading) return exitCodes.config
    if (given.dryRun) return exitCodes.ok
    onHangUp(() => hangUp(reloading))
    outliveServices(reloading, terminal)
    return await runUntilStopped(reloading, given, terminal)
  } finally {
    await manager?.close()
  }
}

async function runUntilStopped(reloading: ReloadingAgent, given: RunArguments, terminal: Terminal): Promise<ExitCode> {
  const stopped = stopOnSignals(reloading)
  warnOfOldNode(reloading.log)
  await reloading.start()
  await Promise.race([reloading.done, stopped])
  await reloading.stop()
  const { agent } = reloading
  if (!given.quiet) tellOfEnd(agent, reloading.checked.service['storage.path'], terminal)
  return agent.unstored > 0 ? exitCodes.undelivered : exitCodes.ok
}

/** What the same arguments say now. */
async function readAgain(given: RunArguments, terminal: Terminal): Promise<Reading> {
  const { pipeline, problems } = await readPipeline(given, lookAtStages())
  if (!pipeline) return { problems: inOrder(problems).map(problemText) }
  const log = openLog(pipeline.service, terminal)
  for (const problem of inOrder(problems)) log.write('warn', 'reload', problemText(problem))
  return { checked: pipeline, log }
}

function tellOfEnd(agent: Agent, path: string | undefined, terminal: Terminal): void {
  terminal.err(terminal.errTable(summary(agent.ledger)))
  if (leftOver(agent.ledger) === 0) return
  if (agent.unstored > 0) terminal.err(`${agent.unstored} of these events were in memory alone, and end with it`)
  else terminal.err(`what is left is kept in ${path} and delivered after the next start`)
}

/** Node 20 has had no fixes since April 2026, yet it is the last one that gateways of some architectures get. */
function warnOfOldNode(log: Log): void {
  if (Number.parseInt(process.versions.node, 10) > 20) return
  log.write('info', 'agent', `Node ${process.versions.node} gets no more security fixes; use 22 or 24 where you can`)
}

function hangUp(agent: ReloadingAgent): void {
  agent.log.write('info', 'agent', 'SIGHUP: reading the configuration again')
  agent.reloadSoon()
}

/** Resolves when the first signal came: `run` then stops the agent within its grace. The second one ends the grace now. */
function stopOnSignals(agent: ReloadingAgent): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0
    const stop = (signal: string): void => {
      signals++
      agent.log.write(
        'info',
        'agent',
        signals === 1 ? `${signal}: stopping; once more ends it now` : `${signal}: ending now`,
      )
      if (signals > 1) void agent.stop()
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
