// A short report: failures in full, what was skipped and why, then the runner's own totals as the last lines.
import { inspect } from 'node:util'
import { OpenHandles } from './left-open.mjs'

/** How long a process may live on once its last file is done, before what it left open is named and it fails. */
const leakAfterMs = 5000

/** A run that takes longer hangs; test/run.mjs kills it a minute later where not even this timer fires. */
const longestRunMs = 14 * 60_000

/** Files that take longer are named: the whole run is to stay short. */
const slowMs = 3000

export default async function* report(source) {
  const totals = []
  const path = []
  const handles = new OpenHandles()
  let filesLeft = process.argv.length - 2
  failAfter(longestRunMs, () => `still running: ${path.join(' > ')}`)
  for await (const { type, data } of source) {
    if (type === 'test:start') path[data.nesting] = data.name
    if (type === 'test:diagnostic' && data.nesting === 0) totals.push(data.message)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    yield* endText(path.slice(0, data.nesting), data)
    if (data.nesting > 0) continue
    if (data.details.duration_ms > slowMs)
      yield `slow: ${data.name} took ${Math.round(data.details.duration_ms / 1000)} s\n`
    handles.fileEnded(data.name)
    if (--filesLeft === 0)
      failAfter(leakAfterMs, () => `all tests are done, but there is still open: ${handles.describe()}`)
  }
  yield* totalsText(totals)
}

/** What there is to say of a test that has ended: nothing where it passed. A suite fails with its tests: that is no news. */
function* endText(path, { name, skip, file, line, details }) {
  const title = [...path, name].join(' > ')
  if (skip !== undefined) yield `skipped: ${title} # ${skip}\n`
  if (details.error === undefined || details.error.failureType === 'subtestsFailed') return
  const error = details.error.cause ?? details.error
  yield `FAILED: ${title}\n  at ${file}:${line}\n${inspect(error, { depth: 6 }).replaceAll(/^/gm, '  ')}\n`
}

/** The runner only warns of an error that came after its test had ended; here it counts. */
function* totalsText(messages) {
  for (const message of messages) {
    const isLateError = message.includes('asynchronous activity')
    if (isLateError) process.exitCode = 1
    yield isLateError ? `FAILED: ${message}\n` : `# ${message}\n`
  }
}

/** The timer does not keep the process alive: it fires only where something else does. */
function failAfter(milliseconds, describe) {
  const fail = () => {
    console.log(`FAILED: ${describe()}`)
    process.exit(1)
  }
  setTimeout(fail, milliseconds).unref()
}
