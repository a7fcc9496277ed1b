import { join } from 'node:path'

import { systemClock } from '../../base/clock.js'
import { readBoot } from '../../host/boot.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Terminal } from '../terminal.js'
import { parseOptions } from './arguments.js'
import { checkpointOf, waitingOf } from './checkpoint.js'
import { type LaneReport, type Moment, reportLane } from './lane-report.js'
import { laneRows, outputRows, reportJson } from './ls-text.js'
import { type Place, placeOf } from './place.js'
import { readable } from './readable.js'
import { storageOptions } from './storage.js'

const options = { ...storageOptions, json: { type: 'boolean' } } as const

/** `sluice log ls`: what is on disk, and how far each output has got. */
export function ls(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return readable('log ls', list(args, terminal))
}

async function list(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { json = false, ...where } = parseOptions('log ls', args, options)
  const place = await placeOf('log ls', where, terminal)
  if (!place) return exitCodes.config
  const reports = await reportsOf(place, terminal)
  if (json) terminal.out(JSON.stringify(reportJson(reports), undefined, 2))
  else show(reports, place, terminal)
  return exitCodes.ok
}

async function reportsOf(place: Place, terminal: Terminal): Promise<readonly LaneReport[]> {
  const waitingIn = waitingOf(place, await checkpointOf(place))
  const warned = (path: string, { message }: Error): void =>
    terminal.err(`${terminal.paint('warn', 'warning')}: ${path}: left out: ${message}`)
  const { id: boot, uptimeMs } = readBoot()
  const now: Moment = { boot, uptimeMs, wallMs: systemClock.wall() }
  const reports: LaneReport[] = []
  for (const lane of place.lanes) {
    const mode = place.pipeline?.lanes.find(({ name }) => name === lane)?.mode
    const folder = join(place.folder, lane)
    reports.push(await reportLane(lane, { folder, mode, outputs: waitingIn(lane), now, leftOut: warned }))
  }
  return reports
}

function show(reports: readonly LaneReport[], { pipeline }: Place, terminal: Terminal): void {
  terminal.out(terminal.outTable(laneRows(reports)))
  const outputs = outputRows(reports)
  if (outputs.length > 1) terminal.out(`\n${terminal.outTable(outputs)}`)
  if (!pipeline && outputs.length > 1)
    terminal.err('without -c the routes are unknown: all that might be for an output counts as pending')
}
