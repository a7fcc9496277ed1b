// A short report: failures in full, what was skipped and why, then the runner's own totals as the last lines.
import { inspect } from 'node:util'

/** How long a process may live on once its last file is done, before what it left open is named and it fails. */
const leakAfterMs = 5000

export default async function* report(source) {
  const path = []
  let filesLeft = process.argv.length - 2
  const totals = []
  for await (const { type, data } of source) {
    if (type === 'test:start') path[data.nesting] = data.name
    if (type === 'test:diagnostic' && data.nesting === 0) {
      if (isLate(data.message)) yield lateText(data.message)
      else totals.push(`# ${data.message}\n`)
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue
    path.length = data.nesting
    const name = [...path, data.name].join(' > ')
    if (data.skip !== undefined) yield `skipped: ${name} # ${data.skip}\n`
    if (type === 'test:fail' && data.details.error.failureType !== 'subtestsFailed') yield failureText(name, data)
    if (data.nesting === 0 && --filesLeft === 0) failOnLeak()
  }
  yield* totals
}

function failureText(name, { file, line, details }) {
  const error = details.error.cause ?? details.error
  const where = file === undefined ? '' : `\n  at ${file}:${line}`
  return `FAILED: ${name}${where}\n${inspect(error, { depth: 6 }).replaceAll(/^/gm, '  ')}\n`
}

/** An error that came after its test had ended: the runner only warns of it. */
function isLate(message) {
  return message.includes('asynchronous activity')
}

function lateText(message) {
  process.exitCode = 1
  return `FAILED: ${message}\n`
}

/** The timer does not keep the process alive: it fires only where something else does. */
function failOnLeak() {
  const check = () => {
    console.log(`FAILED: all tests are done, but these were left open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }
  setTimeout(check, leakAfterMs).unref()
}
