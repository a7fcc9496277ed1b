import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { pbkdf2 } from 'node:crypto'
import { readSync, writeSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { LostLineError, openLine } from '../../../src/serial/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { skipPty } from '../../support/pty-pair.js'
import { backends, bytesOf, openedPair, pluggedIn, serialSettings } from '../../support/serial-line.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

for (const backend of backends) {
  describe(`a serial line by ${backend}`, { skip: skipPty }, () => {
    it('gives every byte as it was sent', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      writeSync(device, allBytes)
      assert.deepEqual(await bytesOf(line, 256), allBytes)
    })

    it('sends every byte as it was given', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      await line.write(allBytes)
      assert.deepEqual(await bytesFrom(device, 256), allBytes)
    })

    it('sets speed, stop bits and flow control', async (t) => {
      const { pair } = await openedPair(t, { backend, bitrate: 57_600, stop_bits: 2, flow_control: 'hardware' })
      const words = settingsOf(pair.agentEnd)
      assert.ok(['57600', 'cstopb', 'crtscts', 'clocal', '-icanon', '-echo', '-ixon'].every((word) => words.has(word)))
    })

    it('sets flow control by XON and XOFF, and no hang-up', async (t) => {
      const { pair } = await openedPair(t, { backend, flow_control: 'software', hang_up: false })
      const words = settingsOf(pair.agentEnd)
      assert.ok(['9600', '-cstopb', '-crtscts', 'ixon', 'ixoff', '-hupcl'].every((word) => words.has(word)))
    })

    it('answers nothing where nothing came in time, and loses nothing by it', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      assert.equal(await line.next(5), undefined)
      writeSync(device, 'late')
      assert.equal((await bytesOf(line, 4)).toString(), 'late')
    })

    it('refuses a second reader while the first one waits', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      const first = line.next()
      await assert.rejects(line.next(), { code: 'SERIAL_READERS' })
      writeSync(device, 'x')
      assert.equal((await within(20_000, first, 'the first reader'))?.length, 1)
    })

    it('throws away what came before a request', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      writeSync(device, 'older')
      for (let thrown = 0; thrown < 5; thrown += line.discard()) await systemClock.sleep(1)
      writeSync(device, 'new')
      assert.equal((await bytesOf(line, 3)).toString(), 'new')
    })

    it('fails whoever waits for bytes when the device is unplugged', async (t) => {
      const { line, pair } = await openedPair(t, { backend, reconnect_interval: '10ms' })
      const failed = assert.rejects(within(20_000, line.next(), 'the loss'), LostLineError)
      await pair.pullOut()
      await failed
      await assert.rejects(line.write(allBytes), LostLineError)
      await assert.rejects(line.next(), LostLineError)
    })

    it('fails whoever waits for bytes when the device is unplugged while the machine is busy', async (t) => {
      const pair = await pluggedIn(t)
      keepPoolBusy(t)
      const settings = serialSettings({ path: pair.agentEnd, backend, reconnect_interval: '10ms' })
      const line = await openLine(settings, { clock: systemClock })
      t.after(() => line.close())
      await pair.pullOut()
      await assert.rejects(within(20_000, line.next(), 'the loss'), LostLineError)
    })

    it('gives what had come before the device was unplugged', async (t) => {
      const { line, device, pair } = await openedPair(t, { backend })
      writeSync(device, 'last words')
      const first = await bytesOf(line, 1)
      await pair.pullOut()
      const rest = first.length < 10 ? await bytesOf(line, 10 - first.length) : Buffer.alloc(0)
      assert.equal(Buffer.concat([first, rest]).toString(), 'last words')
    })

    it('fails whoever waits for bytes when it is closed', async (t) => {
      const { line } = await openedPair(t, { backend })
      const failed = assert.rejects(within(20_000, line.next(), 'the end'), LostLineError)
      await line.close()
      await failed
    })

    it('leaves what nobody reads to the kernel, so that the device has to wait', async (t) => {
      const { line, device } = await openedPair(t, { backend })
      const sent = await filled(device)
      assert.ok(sent < 1_000_000, `${sent} bytes were taken`)
      assert.equal((await bytesOf(line, sent)).length, sent)
    })

    it('is lost when the device takes nothing of what is sent', async (t) => {
      const clock = new FakeClock()
      const { line } = await openedPair(t, { backend, write_timeout: '3s' }, clock)
      const writing = line.write(Buffer.alloc(4_000_000))
      const failed = assert.rejects(writing, /the line is gone: it took nothing for 3000 ms/)
      await clock.advance(3000)
      await within(20_000, failed, 'the deadline')
      await within(20_000, line.close(), 'closing')
    })

    it('is locked for others, unless that is off', async (t) => {
      const { pair } = await openedPair(t, { backend })
      const settings = { backend, path: pair.agentEnd }
      await assert.rejects(openLine(serialSettings(settings), { clock: systemClock }), /SERIAL_|lock/i)
      const second = await openLine(serialSettings({ ...settings, exclusive: false }), { clock: systemClock })
      await second.close()
    })

    it('is free again once it was closed', async (t) => {
      const { pair, line } = await openedPair(t, { backend })
      await line.close()
      const again = await openLine(serialSettings({ backend, path: pair.agentEnd }), { clock: systemClock })
      await again.close()
    })

    it('is absent where there is no device, and no line where there is another kind of file', async (t) => {
      const tree = new Tree(t, { plain: '' })
      const open = (path: string) => openLine(serialSettings({ backend, path }), { clock: systemClock })
      await assert.rejects(open(tree.path('none')), { code: 'SERIAL_ABSENT' })
      await assert.rejects(open(tree.path('plain')), /plain: /)
    })
  })
}

describe('a serial line by tty', { skip: skipPty }, () => {
  it('says what the driver refuses, as a pty does parity', async (t) => {
    const pair = await pluggedIn(t)
    const settings = serialSettings({ backend: 'tty', path: pair.agentEnd, parity: 'even' })
    await assert.rejects(openLine(settings, { clock: systemClock }), { code: 'SERIAL_SETTINGS' })
  })
})

/** The words in which `stty` tells how a line is set. */
function settingsOf(path: string): Set<string> {
  return new Set(execFileSync('stty', ['-a', '-F', path], { encoding: 'utf8' }).split(/[\s;]+/))
}

/** Whatever asks something of the file system waits for its turn, until the test ends. */
function keepPoolBusy(t: TestContext): void {
  let isOver = false
  t.after(() => (isOver = true))
  const work = (): void => pbkdf2('', '', 20_000, 64, 'sha512', () => isOver || work())
  for (let threads = 0; threads < 12; threads++) work()
}

/** Bytes of a file that is not to block. */
async function bytesFrom(file: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count)
  let got = 0
  while (got < count) {
    got += tried(() => readSync(file, bytes, got, count - got, null))
    await systemClock.sleep(1)
  }
  return bytes
}

/** Writes until nothing is taken for a while; answers how many bytes went in. */
async function filled(file: number): Promise<number> {
  const bytes = Buffer.alloc(4096, 'x')
  let sent = 0
  for (let idle = 0; idle < 50;) {
    const taken = tried(() => writeSync(file, bytes))
    sent += taken
    idle = taken === 0 ? idle + 1 : 0
    await systemClock.sleep(1)
  }
  return sent
}

function tried(work: () => number): number {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
    throw error
  }
}
