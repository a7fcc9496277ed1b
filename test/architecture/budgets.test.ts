import assert from 'node:assert/strict'
import { test } from 'node:test'
import ts from 'typescript'
import { nodesOf, type SourceFile, sourceFiles } from '../support/source-tree.js'

const fileLimit = 300
const pluginLimit = 600
const pluginRooms = ['inputs', 'filters', 'outputs', 'codecs', 'stages']
const plugins = sourceFiles(...pluginRooms)
const all = [...sourceFiles('src', 'test', 'bench'), ...plugins]

test('no file is longer than 300 lines', () => {
  assert.ok(all.length > 100)
  assert.deepEqual(all.filter((file) => file.lines > fileLimit).map(sizeText), [])
})

test('no plugin has more than 600 lines of code', () => {
  const sizes = new Map<string, number>()
  for (const { path, codeLines } of plugins) {
    const folder = path.split('/').slice(0, 2).join('/')
    sizes.set(folder, (sizes.get(folder) ?? 0) + codeLines)
  }
  assert.ok(sizes.size > 10)
  assert.deepEqual(
    [...sizes].filter(([, lines]) => lines > pluginLimit),
    [],
  )
})

test('only the clock asks the system for the time', () => {
  const readers = [...sourceFiles('src'), ...plugins].filter((file) => [...nodesOf(file.tree)].some(isNow))
  assert.deepEqual(
    readers.map((file) => file.path).filter((path) => path !== 'src/base/clock.ts'),
    [],
  )
})

/** `new Date()`; the linter sees the other ways. */
function isNow(node: ts.Node): boolean {
  return ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0
}

function sizeText({ path, lines }: SourceFile): string {
  return `${path}: ${lines} lines`
}
