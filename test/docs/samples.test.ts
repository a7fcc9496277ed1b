import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { check } from '../../src/cli/check.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { confPaths } from '../support/conf-samples.js'
import { root } from '../support/source-tree.js'

const paths = confPaths()

test('there are samples', () => {
  assert.ok(paths.includes('conf/sluice.yaml'))
  assert.ok(paths.length > 5)
})

for (const path of paths) {
  test(`sluice check finds nothing wrong with ${path}`, async () => {
    const said: string[] = []
    const say = (text: string): void => void said.push(text)
    const plain = { outTable: String, errTable: String, bold: String, paint: String }
    const terminal: Terminal = { out: say, err: say, ...plain }
    assert.equal(await check(['-c', join(root, path)], terminal), 0, said.join('\n'))
    assert.doesNotMatch(said.join('\n'), /error|warning/)
  })

  test(`${path} names its schema, so that editors complete it`, () => {
    const [first] = readFileSync(join(root, path), 'utf8').split('\n')
    assert.equal(first, '# yaml-language-server: $schema=../docs/reference/sluice.schema.json')
  })
}
