import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/source-tree.js'

const longestRunMs = 60_000

test('the program on the page about the library runs, and prints what the page says', (t) => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
  const [, program, output] = /<!-- example -->\n\n```js\n(.+?)```.+?```text\n(.+?)```/s.exec(page) ?? []
  assert.ok(program && output)
  // Inside the package, where its own name leads to it as it does in a program that installed it.
  const folder = mkdtempSync(join(root, 'dist/example-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'program.mjs'), program)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'program.mjs')], {
    encoding: 'utf8',
    timeout: longestRunMs,
  })
  assert.equal(stderr, '')
  assert.equal(stdout, output)
  assert.equal(status, 0)
})
