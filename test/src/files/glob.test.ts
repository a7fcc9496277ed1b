import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { expandGlob, type Found, parseGlob, parsePathPattern } from '../../../src/files/glob.js'
import { folderOf } from '../../support/folder.js'

const files = [
  'a.log',
  'b.log',
  'ab.log',
  'a.txt',
  '.hidden.log',
  'x/a.log',
  'y/a.log',
  'y/z/a.log',
  '[1].log',
  'a-b.log',
]

const patterns: readonly (readonly [pattern: string, found: readonly string[]])[] = [
  ['a.log', ['a.log']],
  ['none.log', ['none.log']],
  ['*.log', ['[1].log', 'a-b.log', 'a.log', 'ab.log', 'b.log']],
  ['?.log', ['a.log', 'b.log']],
  ['[ab].log', ['a.log', 'b.log']],
  ['[!a].log', ['b.log']],
  ['[a-c][a-c].log', ['ab.log']],
  ['[[]1[]].log', ['[1].log']],
  [String.raw`\[1\].log`, ['[1].log']],
  ['a[-]b.log', ['a-b.log']],
  ['.*.log', ['.hidden.log']],
  ['*/a.log', ['x/a.log', 'y/a.log']],
  ['*/*/*.log', ['y/z/a.log']],
  ['*.none', []],
  ['a.*', ['a.log', 'a.txt']],
]

test('a glob finds what glob(3) does', async (t) => {
  const folder = folderOf(t, Object.fromEntries(files.map((path) => [path, ''])))
  assert.ok(patterns.length > 0)
  for (const [pattern, expected] of patterns) {
    const found: Found = { paths: new Set(), folders: new Set() }
    await expandGlob(parseGlob(join(folder, pattern)), found)
    const relative = [...found.paths]
      .map((path) => path.slice(folder.length + 1))
      .filter((path) => files.includes(path) || path === pattern)
    assert.deepEqual(relative.sort(), [...expected].sort(), pattern)
  }
})

test('the folders that decide are those with a pattern in them, and the last', async (t) => {
  const folder = folderOf(t, { 'x/a.log': '', 'y/a.log': '' })
  const found: Found = { paths: new Set(), folders: new Set() }
  await expandGlob(parseGlob(join(folder, '*/a.log')), found)
  assert.deepEqual([...found.folders].sort(), [folder, join(folder, 'x'), join(folder, 'y')])
})

const pathPatterns: readonly (readonly [pattern: string, path: string, matches: boolean])[] = [
  ['*.gz', '/var/log/a.gz', true],
  ['*.gz', '/var/log/a.gzip', false],
  ['/var/*/b', '/var/x/y/b', true],
  ['*/.hidden', '/var/.hidden', true],
  ['/a?b', '/a/b', true],
  ['/a.b', '/axb', false],
  ['/a+(b)|{c}$^', '/a+(b)|{c}$^', true],
]

test('a pattern of paths matches as fnmatch(3) does', () => {
  for (const [pattern, path, matches] of pathPatterns)
    assert.equal(parsePathPattern(pattern).test(path), matches, pattern)
})
