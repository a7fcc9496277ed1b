import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'

import { RootFolder } from '../../../stages/static/root-folder.js'
import { folderOf } from '../../support/folder.js'
import { rawAnswer } from '../../support/raw-http.js'
import { serveFiles } from '../../support/static-server.js'
import { within } from '../../support/within.js'

const files = { 'www/a.txt': 'inside', 'www/sub/b.txt': 'inside', 'secret.txt': 'SECRET', 'www-other/c.txt': 'SECRET' }

const traps = [
  '/../secret.txt',
  '/../../../../../../etc/passwd',
  '/sub/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%252e%252e/secret.txt',
  '/%252e%252e%252fsecret.txt',
  '/.%2e/secret.txt',
  '/sub/%2e%2e/%2e%2e/secret.txt',
  '//etc/passwd',
  '/%2fetc%2fpasswd',
  '/a.txt%00.html',
  '/a.txt%00/../../secret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/../www-other/c.txt',
  'http://host/../secret.txt',
  'http://host/%2e%2e/secret.txt',
  'http://host/..%2fsecret.txt',
  'file:///etc/passwd',
  '../secret.txt',
  '*',
]

describe('nothing outside the folder is served', () => {
  test('whatever the path says', async (t) => {
    const { port } = await serveFiles(t, { files })
    for (const target of traps) {
      const answer = await rawAnswer(port, target)
      assert.match(answer, /^HTTP\/1\.1 (400|404) /, target)
      assert.doesNotMatch(answer, /SECRET|root:/, target)
    }
    assert.match(await rawAnswer(port, '/a.txt'), /inside$/)
    assert.match(await rawAnswer(port, 'http://host/sub/b.txt'), /inside$/)
  })

  test('through symbolic links, while those that stay inside lead where they should', async (t) => {
    const { port, root } = await serveFiles(t, { files, options: { listing: 'on' } })
    symlinkSync('../secret.txt', join(root, 'out.txt'))
    symlinkSync('..', join(root, 'up'))
    symlinkSync('../www-other', join(root, 'beside'))
    symlinkSync('loop', join(root, 'loop'))
    symlinkSync('sub/b.txt', join(root, 'in.txt'))
    symlinkSync('sub', join(root, 'folder'))
    for (const path of ['/out.txt', '/up/', '/up', '/up/secret.txt', '/beside/c.txt', '/beside/', '/loop'])
      assert.match(await rawAnswer(port, path), /^HTTP\/1\.1 404 /, path)
    assert.match(await rawAnswer(port, '/in.txt'), /inside$/)
    assert.match(await rawAnswer(port, '/folder/b.txt'), /inside$/)
  })

  test('a root that is itself a link may be put to another folder at any time', async (t) => {
    const folder = folderOf(t, { 'one/a.txt': '1', 'two/a.txt': '2' })
    symlinkSync('one', join(folder, 'www'))
    const root = new RootFolder(join(folder, 'www'))
    const read = async (): Promise<string> => {
      const found = await root.open(['a.txt'])
      const text = await found?.handle.readFile('utf8')
      await found?.handle.close()
      return text ?? 'nothing'
    }
    assert.equal(await read(), '1')
    symlinkSync('two', join(folder, 'next'))
    renameSync(join(folder, 'next'), join(folder, 'www'))
    assert.equal(await read(), '2')
  })

  test('a folder that turns into a link and back, over and over, never leads outside', async (t) => {
    const folder = folderOf(t, { ...files, 'www/turn/c.txt': 'inside' })
    const [turn, kept, root] = [join(folder, 'www/turn'), join(folder, 'www/kept'), new RootFolder(join(folder, 'www'))]
    let isInside = true
    const swap = (): void => {
      if (isInside) {
        renameSync(turn, kept)
        symlinkSync('../www-other', turn)
      } else {
        rmSync(turn)
        renameSync(kept, turn)
      }
      isInside = !isInside
    }
    const seen = new Set<string>()
    for (let round = 0; round < 400; round++) {
      const opening = root.open(['turn', 'c.txt'])
      // The swap falls somewhere between the calls that the opening makes.
      for (let turns = round % 7; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
      swap()
      const found = await opening
      seen.add((await found?.handle.readFile('utf8')) ?? 'nothing')
      await found?.handle.close()
    }
    assert.ok(seen.has('inside'))
    assert.ok(!seen.has('SECRET'))
  })

  test('no path at all leads out of a folder that is full of ways out', async (t) => {
    const folder = folderOf(t, { ...files, 'www/..a/x': 'inside', 'www/%2e%2e/secret.txt': 'inside' })
    symlinkSync('/', join(folder, 'www/root'))
    symlinkSync('../secret.txt', join(folder, 'www/s'))
    const root = new RootFolder(join(folder, 'www'))
    const names = fc.constantFrom(
      '..a',
      'x',
      'sub',
      'b.txt',
      'root',
      's',
      '%2e%2e',
      'secret.txt',
      'etc',
      'passwd',
      'a.txt',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 5 }), async (path) => {
        const found = await root.open(path)
        await found?.handle.close()
        assert.ok(
          !found || found.path === join(folder, 'www') || found.path.startsWith(join(folder, 'www/')),
          found?.path,
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('a FIFO is nothing, and nobody waits for it', async (t) => {
    const { port, root } = await serveFiles(t, { files })
    assert.equal(spawnSync('mkfifo', [join(root, 'fifo')]).status, 0)
    assert.match(await within(20_000, rawAnswer(port, '/fifo'), 'an answer'), /^HTTP\/1\.1 404 /)
  })

  test('names that begin with a dot are hidden unless they are wanted', async (t) => {
    const hidden = { 'www/.env': 'SECRET', 'www/.git/config': 'SECRET', 'www/a/.b/c': 'SECRET' }
    const { port } = await serveFiles(t, { files: hidden, options: { listing: 'on' } })
    for (const path of ['/.env', '/%2eenv', '/.git/config', '/.git/', '/a/.b/c'])
      assert.match(await rawAnswer(port, path), /^HTTP\/1\.1 404 /, path)
    assert.doesNotMatch(await rawAnswer(port, '/'), /env|git/)
    const open = await serveFiles(t, { files: hidden, options: { dot_files: 'on' } })
    assert.match(await rawAnswer(open.port, '/.env'), /SECRET$/)
  })
})

test('a stage with a path serves what is below it, however that is written', async (t) => {
  const { port } = await serveFiles(t, { files, options: { path: '/ui' } })
  for (const path of ['/ui/a.txt', '/%75i/a.txt', '/ui/%61.txt'])
    assert.match(await rawAnswer(port, path), /inside$/, path)
  for (const path of ['/a.txt', '/uia.txt', '/ui/../secret.txt', '/ui%2f..%2fsecret.txt'])
    assert.match(await rawAnswer(port, path), /^HTTP\/1\.1 40[04] /, path)
})
