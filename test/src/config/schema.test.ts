import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { parseYaml } from '../../../src/config/yaml.js'
import { fileSchema } from '../../../src/config/schema.js'
import type { ConfigNode } from '../../../src/config/node.js'
import { loadAll } from '../../../src/registry/registry.js'
import { confPaths } from '../../support/conf-samples.js'
import { loaded } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'
import { root } from '../../support/source-tree.js'

const plugins = Object.entries(smallPlugins).map(([key, definition]) => loaded(key.split('.')[1] ?? key, definition))
const validate = new Ajv({ strict: false }).compile(fileSchema(plugins))

function plain(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]))
}

function fits(source: string): boolean {
  const file = parseYaml(source, 'f').root
  assert.ok(file)
  return validate(plain(file))
}

const accepted = [
  'service: {flush: 1, grace: -1, log_level: info, storage: {path: /x}, http_port: 2020, hot_reload: on}',
  'service: {flush: "${FLUSH}", storage.path: /x}',
  'includes: [a.yaml]\nenv: {A: 1}',
  'parsers: [{name: p, format: json, time_key: t}]',
  'pipeline: {inputs: [{name: meter, interval: 250ms, tag: x}, {name: meter, interval_sec: 1, mem_buf_limit: 5M, storage.type: memory}]}',
  'pipeline: {inputs: [{name: reader, path: x, limit: 32KiB, sample: {a: 1}}]}',
  'pipeline: {outputs: [{name: send, match: "*", port: "${PORT}", headers: {a: b}}, {name: "null", match: x}]}',
  'http: [{listen: "0.0.0.0:80", tag: panel, max_body_size: 1MiB, stages: [{name: page, root: /x, path: /ui, hosts: [a, b]}]}]',
]
const refused = [
  'servic: {}',
  'service: {flsh: 1}',
  'service: {log_level: loud}',
  'parsers: [{name: p}]',
  'parsers: [{name: p, format: regex}]',
  'pipeline: {input: []}',
  'pipeline: {inputs: [{name: mter}]}',
  'pipeline: {inputs: [{tag: x}]}',
  'pipeline: {inputs: [{name: meter, interva: 1s}]}',
  'pipeline: {inputs: [{name: meter, interval: fast}]}',
  'pipeline: {inputs: [{name: meter, path: x}]}',
  'pipeline: {inputs: [{name: reader}]}',
  'pipeline: {outputs: [{name: send, match: "*", port: 70000}]}',
  'http: {stages: []}',
  'http: [{alias: panel}]',
  'http: [{stages: []}]',
  'http: [{listn: "0.0.0.0:80", stages: [{name: page, root: /x}]}]',
  'http: [{stages: [{name: page}]}]',
  'http: [{stages: [{name: page, root: /x, interval: 1s}]}]',
  'http: [{stages: [{name: meter}]}]',
]

describe('fileSchema', () => {
  for (const source of accepted) {
    test(`accepts ${source}`, () => assert.ok(fits(source), JSON.stringify(validate.errors)))
  }
  for (const source of refused) test(`refuses ${source}`, () => assert.equal(fits(source), false))

  test('accepts every sample, made of the plugins of this tree', async () => {
    const real = new Ajv({ strict: false }).compile(fileSchema(await loadAll()))
    assert.ok(confPaths().length > 0)
    for (const path of confPaths()) {
      const sample = parseYaml(readFileSync(join(root, path), 'utf8'), path).root
      assert.ok(sample && real(plain(sample)), `${path}: ${JSON.stringify(real.errors)}`)
    }
  })
})
