import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../src/config/check.js'
import { loadConfig } from '../../src/config/load-config.js'
import { problemText } from '../../src/config/node.js'
import * as registry from '../../src/registry/registry.js'
import { folderOf } from '../support/folder.js'
import { root } from '../support/source-tree.js'

test('both examples of the configuration page are right, but for the files that they include', async (t) => {
  const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8')
  const [yaml = '', classic = ''] = [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((found) => found[1] ?? '')
  const folder = folderOf(t, { 'a.yaml': yaml, 'a.conf': classic })
  for (const name of ['a.yaml', 'a.conf']) {
    const { document, problems } = loadConfig(join(folder, name), {})
    assert.match(problems.map(problemText).join('\n'), /^[^\n]*warning: no file fits "more[^\n]*$/)
    const checked = await checkConfig(document, registry)
    assert.deepEqual(checked.problems.map(problemText), [])
    assert.equal(checked.pipeline?.inputs[0]?.options.tag, 'attic.cpu')
  }
})
