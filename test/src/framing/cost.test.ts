import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cutterOf } from '../../support/framed.js'

/** Milliseconds of the processor that work takes, whatever else the machine does. */
function costOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

it('a long frame that ends with a pattern costs no more for coming in small pieces than its bytes', () => {
  const cut = cutterOf({ type: 'pattern', pattern: '[\\r\\n]+', max_frame: 4 * 2 ** 20 })
  const pieces = Array.from({ length: 40_000 }, () => 'sixteen bytes ..')
  let found = 0
  const cost = costOf(() => void (found = cut([...pieces, '\n']).frames.length))
  assert.equal(found, 1)
  assert.ok(cost < 4000, `${cost} ms for ${pieces.length * 16} bytes`)
})
