import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { nodesOf, root, type SourceFile, sourceFiles } from '../support/source-tree.js'

const family = ['AgentError', 'PermanentError', 'RetryLater', 'PartialError', 'ParseError']
const codePattern = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/
const files = sourceFiles('src', 'inputs', 'filters', 'outputs', 'codecs', 'stages')

test('the generated pages are as the source has it', () => {
  const { stderr, status } = spawnSync(process.execPath, ['packaging/docs.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
})

test('the reference tells of every error code that is thrown, and of no other', () => {
  const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
  const told = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((found) => found[1])
  const thrown = files.flatMap((file) => errorsOf(file).flatMap((error) => literalsOf(error.arguments?.[0])))
  assert.ok(thrown.length > 20)
  assert.deepEqual(
    thrown.filter((code) => !told.includes(code)),
    [],
    'not told of',
  )
  const everywhere = new Set(files.flatMap((file) => [...nodesOf(file.tree)].flatMap(literalsOf)))
  assert.deepEqual(
    told.filter((code) => !everywhere.has(code ?? '')),
    [],
    'not thrown',
  )
})

test('every error is thrown with a code ROOM_WHAT, or with one that its thrower was given', () => {
  const odd = files.flatMap((file) =>
    errorsOf(file)
      .filter((error) => !hasCode(error))
      .map((error) => `${file.path}: ${error.getText()}`),
  )
  assert.deepEqual(odd, [])
})

function errorsOf(file: SourceFile): ts.NewExpression[] {
  const isError = (node: ts.Node): node is ts.NewExpression =>
    ts.isNewExpression(node) && family.includes(node.expression.getText())
  return [...nodesOf(file.tree)].filter(isError)
}

function hasCode(error: ts.NewExpression): boolean {
  const [given] = error.arguments ?? []
  const codes = literalsOf(given)
  return (given && ts.isIdentifier(given)) || (codes.length > 0 && codes.every((code) => codePattern.test(code)))
}

/** A text, or the texts of a choice. */
function literalsOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return []
  if (ts.isStringLiteral(node)) return [node.text]
  return ts.isConditionalExpression(node) ? [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)] : []
}
