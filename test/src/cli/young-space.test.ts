import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { agentProgram } from '../../support/agent.js'

const mebibyte = 1024 * 1024

/** Makes more objects that live on than a space of 16 MiB holds, and then tells how large V8 has made that for young ones. */
const atExit = `data:text/javascript,${encodeURIComponent(`
  import { getHeapSpaceStatistics } from 'node:v8'
  process.on('exit', () => {
    const kept = Array.from({ length: 1e6 }, (_, number) => ({ number }))
    const { space_size: size } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    console.log(kept.length, size)
  })`)}`

function ended(...args: readonly string[]) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', atExit, ...args], { encoding: 'utf8' })
  const [kept, size = NaN] = stdout.split(' ').map(Number)
  assert.equal(kept, 1e6)
  return { size, stderr }
}

test('the space for young objects stays small in a running agent, in which bytes from sockets are freed as soon as they can be', () => {
  const { size, stderr } = ended(agentProgram, '-i', 'dummy', '-p', 'samples=1', '-p', 'rate=1000', '-o', 'null', '-q')
  assert.equal(stderr, '')
  assert.ok(size <= 12 * mebibyte, `${size} bytes`)
  assert.ok(ended('-e', '0').size > 12 * mebibyte, 'Node by itself lets it grow')
})
