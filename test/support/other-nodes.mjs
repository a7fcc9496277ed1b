import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const folder = 'packaging/nodes'
const nodes = ['node24', 'node26'].map((name) => `${folder}/node_modules/${name}/bin/node`)

/** The versions of Node to run on besides this one, installed from the registry where they are missing; says why where it cannot. */
export function otherNodes() {
  const problem = nodes.every((node) => existsSync(node)) ? undefined : install()
  if (problem === undefined) return nodes
  console.log(`skipped: all tests on Node 24 and 26 # ${problem}`)
  return []
}

/** What went wrong, if anything. */
function install() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'they are packed for Linux on x86-64 alone'
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status === 0) return undefined
  return `npm ci in ${folder}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`
}
