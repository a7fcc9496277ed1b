// The test command. Runs the compiled tests on every Node we support, this one last, and ends with the runner's own totals.
//
//     node test/run.mjs                 everything
//     node test/run.mjs clock tail      only files whose path has one of these words, on this Node, with every test's name
import { spawnSync } from 'node:child_process'
import { filesBelow } from '../packaging/glob.mjs'
import { installPeers } from './support/install-peers.mjs'
import { otherNodes } from './support/other-nodes.mjs'

const words = process.argv.slice(2)
const files = filesBelow('dist/test', '.test.js').filter((file) => matches(file))
const longestRunMs = 20 * 60_000

if (files.length === 0) fail(`no test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path`)
installPeers(await import('../dist/test/support/peers.js'))
const nodes = words.length > 0 ? [process.execPath] : [...otherNodes(), process.execPath]
process.exitCode = nodes.some((node) => !passes(node)) ? 1 : 0

function fail(message) {
  console.error(message)
  process.exit(1)
}

function matches(file) {
  return words.length === 0 || words.some((word) => file.includes(word.replace(/\.ts$/, '.js')))
}

/** A run that fails is the last one, so that its totals are what is seen. */
function passes(node) {
  const reporter = words.length > 0 ? 'spec' : './test/support/reporter.mjs'
  const options = ['--enable-source-maps', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout']
  console.log(
    `\n${files.length} test files on Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()}`,
  )
  const { status, signal, error } = spawnSync(node, [...options, 'test/support/run-files.mjs', ...files], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: longestRunMs,
    killSignal: 'SIGKILL',
  })
  if (status === 0) return true
  if (status !== 1) console.error(`${node}: ${error?.message ?? signal ?? `exit code ${status}`}`)
  return false
}
