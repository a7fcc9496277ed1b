// The test command. Runs the compiled tests on every Node we support, this one last, and ends with the runner's own totals.
//
//     node test/run.mjs                 everything
//     node test/run.mjs clock tail      only files whose path has one of these words, on this Node, with every test's name
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { filesBelow } from '../packaging/glob.mjs'
import { installPeers } from './support/install-peers.mjs'
import { otherNodes } from './support/other-nodes.mjs'

const words = process.argv.slice(2)
const files = filesBelow('dist/test', '.test.js').filter((file) => matches(file))
const longestRunMs = 15 * 60_000

if (files.length === 0) fail(`no test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path`)
installPeers(await import('../dist/test/support/peers.js'))
const others = words.length > 0 ? [] : otherNodes()
process.exitCode = (await passOn(others)) && (await passHere()) ? 0 : 1

function fail(message) {
  console.error(message)
  process.exit(1)
}

function matches(file) {
  return words.length === 0 || words.some((word) => file.includes(word.replace(/\.ts$/, '.js')))
}

/** The other Nodes run side by side. One that fails is shown last and ends it all, so that its totals are what is seen. */
async function passOn(nodes) {
  const runs = await Promise.all(nodes.map((node) => runOn(node, 'pipe')))
  for (const { said } of runs.toSorted((one, other) => Number(other.passed) - Number(one.passed))) console.log(said)
  return runs.every(({ passed }) => passed)
}

/** This Node says what it has to say as it comes. */
async function passHere() {
  return (await runOn(process.execPath, 'inherit')).passed
}

async function runOn(node, output) {
  const reporter = words.length > 0 ? 'spec' : './test/support/reporter.mjs'
  const options = ['--enable-source-maps', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout']
  const title = `\n${files.length} test files on Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()}`
  if (output === 'inherit') console.log(title)
  const run = spawn(node, [...options, 'test/support/run-files.mjs', ...files], {
    stdio: ['ignore', output, 'inherit'],
    timeout: longestRunMs,
    killSignal: 'SIGKILL',
  })
  const [[status, signal], said] = await Promise.all([once(run, 'close'), run.stdout ? text(run.stdout) : ''])
  if (status !== 0 && status !== 1) console.error(`${node}: ${signal ?? `exit code ${status}`}`)
  return { passed: status === 0, said: `${title}\n${said.trimEnd()}` }
}
