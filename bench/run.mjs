// Runs the benches one after the other, each in a process of its own: `npm run bench`, or `npm run bench -- event` for one.
import { spawnSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { filesBelow } from '../packaging/glob.mjs'

/** What benches share: this file, and what lies in folders. */
const helpers = ['measure.js']

const words = process.argv.slice(2)
const benches = filesBelow('dist/bench', '.js')
  .filter((file) => dirname(file) === join('dist', 'bench'))
  .filter((file) => !helpers.includes(basename(file)))
  .filter((file) => words.length === 0 || words.some((word) => basename(file).includes(word)))

for (const bench of benches) {
  const { status } = spawnSync(process.execPath, [bench], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
