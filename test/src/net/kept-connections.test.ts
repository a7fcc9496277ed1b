import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Keepable, KeptConnections } from '../../../src/net/kept-connections.js'
import { FakeClock } from '../../support/fake-clock.js'

class Line implements Keepable {
  usable = true
  isClosed = false

  close(): void {
    this.isClosed = true
  }

  fail(): void {
    this.usable = false
  }
}

const never = new AbortController().signal

function kept(idleMs = 1000) {
  const lines: Line[] = []
  const clock = new FakeClock()
  const open = () => Promise.resolve(lines[lines.push(new Line()) - 1] as Line)
  return { lines, clock, connections: new KeptConnections({ open, keep: true, idleMs, clock }) }
}

const nothing = (): Promise<void> => Promise.resolve()

describe('kept connections', () => {
  it('serve one work after the other, and are closed when they wait for too long', async () => {
    const { lines, clock, connections } = kept()
    await connections.use(never, nothing)
    await connections.use(never, nothing)
    assert.deepEqual([lines.length, lines[0]?.isClosed], [1, false])
    await clock.advance(1000)
    assert.equal(lines[0]?.isClosed, true)
  })

  it('do not outlive the output: one that is in use when they are closed goes after its work', async () => {
    const { lines, clock, connections } = kept()
    await connections.use(never, () => {
      connections.close()
      return Promise.resolve()
    })
    assert.deepEqual([lines[0]?.isClosed, clock.waiting], [true, 0])
  })
})
