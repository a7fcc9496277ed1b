import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { root } from '../support/source-tree.js'

test('every test that the page on delivery names is there', () => {
  const page = readFileSync(join(root, 'docs/delivery.md'), 'utf8')
  const named = [...new Set(page.match(/test\/[\w/.-]+\.test\.ts/g) ?? [])]
  assert.ok(named.length > 10)
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  )
})
