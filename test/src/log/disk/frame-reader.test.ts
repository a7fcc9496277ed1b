import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { frameStart, headBytes } from '../../../../src/log/disk/frame.js'
import { FrameReader, parseWindow } from '../../../../src/log/disk/frame-reader.js'
import { flipped } from '../../../support/damage.js'
import { ForgetfulFiles } from '../../../support/forgetful-files.js'

const mebibyte = 1024 * 1024

function frameOf(sequence: number, entries: Buffer): Buffer {
  const fields = { sequence, time: 0, uptime: 0, boot: '0'.repeat(32), count: 1, tag: 'a', input: 'in', output: '' }
  return Buffer.concat([frameStart(fields, entries), entries])
}

const frames = Array.from({ length: 5 }, (_, sequence) => frameOf(sequence, Buffer.alloc(10 * sequence, 0x53)))
const starts = frames.map((_, index) => frames.slice(0, index).reduce((sum, { length }) => sum + length, 0))
const whole = Buffer.concat(frames)

/** Reads in windows of a size, as FrameReader does, which has windows of 1 MiB. */
function readIn(bytes: Buffer, windowBytes: number): { sequences: number[]; damaged: number } {
  const sequences: number[] = []
  let damaged = 0
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at
    let window = parseWindow(bytes.subarray(at, at + windowBytes), left)
    if (window.passed === 0) window = parseWindow(bytes.subarray(at, at + window.need), left)
    assert.ok(window.passed > 0, `it goes on at ${at} with windows of ${windowBytes} bytes`)
    sequences.push(...window.frames.map(({ sequence }) => sequence))
    damaged += window.damage.reduce((sum, each) => sum + each.bytes, 0)
    at += window.passed
  }
  return { sequences, damaged }
}

async function reading(bytes: Buffer, start = 0) {
  const files = new ForgetfulFiles()
  files.place('/log/a', bytes)
  const reader = new FrameReader(await files.open('/log/a'), start, bytes.length)
  const sequences: number[] = []
  const damage: { at: number; bytes: number }[] = []
  for (;;) {
    const window = await reader.next((size) => Buffer.alloc(size))
    if (!window) return { sequences, damage }
    sequences.push(...window.frames.map(({ sequence }) => sequence))
    damage.push(...window.damage)
  }
}

describe('frames that are read in windows', () => {
  it('are the same, wherever a window ends', () => {
    for (let size = headBytes; size <= whole.length; size++)
      assert.deepEqual(readIn(whole, size), { sequences: [0, 1, 2, 3, 4], damaged: 0 }, `windows of ${size} bytes`)
  })

  it('are the same but for one with a damaged byte, wherever it is and wherever a window ends', () => {
    for (let at = 0; at < whole.length; at += 3) {
      const index = starts.findLastIndex((start) => start <= at)
      const expected = [0, 1, 2, 3, 4].filter((sequence) => sequence !== index)
      for (let size = headBytes; size <= whole.length; size += 7) {
        const { sequences, damaged } = readIn(flipped(whole, at), size)
        assert.deepEqual(sequences, expected, `byte ${at}, windows of ${size} bytes`)
        assert.equal(damaged, frames[index]?.length)
      }
    }
  })

  it('come out of a file with the place of each damage, one behind the other as one', async () => {
    const noise = Buffer.alloc(100, 0xee)
    const [one, two, three] = frames as [Buffer, Buffer, Buffer]
    const bytes = Buffer.concat([noise, one, flipped(two, 5), flipped(two, headBytes), three, noise])
    const { sequences, damage } = await reading(bytes, 50)
    assert.deepEqual(sequences, [0, 2])
    const at = noise.length + one.length
    assert.deepEqual(damage, [
      { at: 50, bytes: 50 },
      { at, bytes: 2 * two.length },
      { at: at + 2 * two.length + three.length, bytes: noise.length },
    ])
  })

  it('may each be larger than a window, or begin in its last bytes', async () => {
    for (const beyond of [-headBytes - 10, -headBytes, -headBytes + 1, -40, -1, 0, 1]) {
      const overhead = frameOf(0, Buffer.alloc(0)).length
      const first = frameOf(0, Buffer.alloc(mebibyte - overhead + beyond, 1))
      const bytes = Buffer.concat([first, frameOf(1, Buffer.alloc(3 * mebibyte, 2)), frameOf(2, Buffer.from('last'))])
      assert.deepEqual(await reading(bytes), { sequences: [0, 1, 2], damage: [] }, `${beyond} bytes beyond a window`)
    }
  })

  it('are looked for behind megabytes of noise with marks in it', async () => {
    const noise = Buffer.alloc(2.5 * mebibyte, 'SLF1')
    const { sequences, damage } = await reading(Buffer.concat([noise, whole]))
    assert.deepEqual(sequences, [0, 1, 2, 3, 4])
    assert.equal(
      damage.reduce((sum, { bytes }) => sum + bytes, 0),
      noise.length,
    )
  })
})
