import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { agentProgram } from '../support/agent.js'
import { peer } from '../support/peers.js'
import { startProcess, type TestProcess } from '../support/process.js'
import { Tree } from '../support/tree.js'

const script = peer('script')

/** So many identifiers from 0x100 on, each with a frame of this byte. */
function frames(count: number, byte: string): string {
  const ids = Array.from({ length: count }, (_none, at) => (0x100 + at).toString(16))
  return ids.map((id) => `(1700000000.0) can0 ${id}#${byte}\n`).join('')
}

interface Watched {
  readonly program: TestProcess
  readonly send: (text: string) => void
  readonly resize: (rows: number, columns: number) => void
}

/** The monitor on a terminal of this size, which reads a pipe that stays open. */
async function watched(t: TestContext, rows: number, columns: number, more = ''): Promise<Watched> {
  const tree = new Tree(t, {})
  const pipe = tree.path('pipe')
  spawnSync('mkfifo', [pipe])
  const file = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  t.after(() => closeSync(file))
  const sized = `stty rows ${rows} cols ${columns}; tty > ${tree.path('tty')}`
  const line = `${sized}; exec "${process.execPath}" "${agentProgram}" can monitor - ${more} < ${pipe}`
  const env = { ...process.env, SHELL: '/bin/sh' }
  const program = await startProcess(script.path, ['-qec', line, '/dev/null'], { env })
  t.after(() => program.stop('SIGKILL'))
  const resize = (lines: number, width: number): void => {
    spawnSync('stty', [
      '-F',
      readFileSync(tree.path('tty'), 'utf8').trim(),
      'rows',
      String(lines),
      'cols',
      String(width),
    ])
  }
  return { program, send: (text) => void writeSync(file, text), resize }
}

/** The lines of the screen that was drawn last. */
function screenOf({ output }: TestProcess): readonly string[] {
  const drawn = output.split('\u001b[H').at(-1) ?? ''
  return drawn.replaceAll('\u001b[K', '').replaceAll('\u001b[J', '').trimEnd().split('\r\n')
}

test(
  'a terminal shows as many ids as there is room for, and says how many more there are',
  { skip: script.skip },
  async (t) => {
    const { program, send, resize } = await watched(t, 10, 60)
    send(frames(20, '01'))
    await program.until(() => screenOf(program).at(-1) === '14 more ids', 'a full screen')
    assert.equal(screenOf(program).length, 8)
    assert.match(screenOf(program)[1] ?? '', /^can0 {2}100 +1 +\d+\.\d s {4}01$/)
    resize(6, 12)
    await program.until(() => screenOf(program).at(-1) === '18 more ids', 'a smaller screen')
    assert.equal(screenOf(program)[1], 'can0  100   ')
    resize(30, 60)
    await program.until(() => screenOf(program).length === 21, 'all of them')
    send(frames(20, '02'))
    await program.until(() => screenOf(program)[20]?.endsWith('02') === true, 'the frames behind')
  },
)

test('an interrupt ends it though the sender is silent, with all ids in a table', { skip: script.skip }, async (t) => {
  const { program, send } = await watched(t, 6, 40)
  send(frames(9, '01'))
  await program.until(() => screenOf(program).at(-1) === '7 more ids', 'a full screen')
  await program.until(() => /[1-9]\.\d s|0\.[5-9] s/.test(screenOf(program)[1] ?? ''), 'ages that go on')
  program.stdin?.write('\u0003')
  assert.equal(await program.exited, 0)
  const table = program.output.split('\u001b[J').at(-1) ?? ''
  assert.match(table, /can0 {2}108 +1 +0\.0 s +01\r\n$/)
  assert.ok(!table.includes('\u001b'), JSON.stringify(table))
})

test('what an adapter with slcan sends is shown as it comes', { skip: script.skip }, async (t) => {
  const { program, send } = await watched(t, 10, 70, '--format slcan')
  send('z\rt1232AABB\rT1234567810C\r')
  await program.until(() => screenOf(program).length === 3, 'two ids')
  assert.match(screenOf(program).join('\n'), /^ +123 .*AA BB\n +12345678 .*0C$/m)
})
