import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../src/config/check.js'
import { loadConfig } from '../../src/config/load-config.js'
import { problemText } from '../../src/config/node.js'
import type { UpstreamNode } from '../../src/plugin/index.js'
import * as registry from '../../src/registry/registry.js'
import { folderOf } from '../support/folder.js'
import { root } from '../support/source-tree.js'

test('both groups on the page about several servers are right, and the same', async (t) => {
  const page = readFileSync(join(root, 'docs/upstreams.md'), 'utf8')
  const [, yaml = ''] = /<!-- yaml -->\n\n```yaml\n(.+?)```/s.exec(page) ?? []
  const [, classic = ''] = /<!-- classic -->\n\n```\n(.+?)```/s.exec(page) ?? []
  const folder = folderOf(t, { 'a.yaml': yaml, 'a.conf': classic })
  const [first, second] = await Promise.all(['a.yaml', 'a.conf'].map((name) => nodesOf(join(folder, name))))
  assert.equal(first?.length, 3)
  assert.deepEqual(second, first)
})

async function nodesOf(path: string): Promise<readonly UpstreamNode[]> {
  const { document, problems } = loadConfig(path, {})
  const { pipeline, problems: more } = await checkConfig(document, registry)
  assert.deepEqual([...problems, ...more].map(problemText), [])
  const { upstream } = (pipeline?.outputs[0]?.options ?? {}) as { readonly upstream?: readonly UpstreamNode[] }
  return upstream ?? []
}
