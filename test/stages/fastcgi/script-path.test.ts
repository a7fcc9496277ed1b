import assert from 'node:assert/strict'
import { test } from 'node:test'

import { scriptOf } from '../../../stages/fastcgi/script-path.js'

const files = { path: '/app', root: '/srv/www/', index: 'index.php', extension: '.php' }

test('a path leads to the first script in it, however it is spelled', () => {
  const rows = [
    ['/app', '/app/index.php', '/srv/www/index.php', ''],
    ['/app/a/', '/app/a/index.php', '/srv/www/a/index.php', ''],
    ['/app/a%20b.php/c/d.php', '/app/a%20b.php', '/srv/www/a b.php', '/c/d.php'],
    // The source of a script that is not known as one would be served as a file.
    ['/app/a%2ephp', '/app/a%2ephp', '/srv/www/a.php', ''],
    ['/%61pp/a.ph%70/', '/%61pp/a.ph%70', '/srv/www/a.php', '/'],
  ] as const
  for (const [asked, scriptName, file, pathInfo] of rows) {
    const found = scriptOf(asked, files)
    assert.deepEqual(
      [found?.scriptName, found?.files['SCRIPT_FILENAME'], found?.pathInfo],
      [scriptName, file, pathInfo],
    )
  }
  assert.equal(scriptOf('/app/style.css', files), undefined)
})

test('a responder without files is told what is below the path', () => {
  const found = scriptOf('/app/a%20b/c', { ...files, root: undefined })
  assert.deepEqual(found, { scriptName: '/app', pathInfo: '/a b/c', files: {} })
})
