import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../src/config/check.js'
import { loadConfig } from '../../src/config/load-config.js'
import * as registry from '../../src/registry/registry.js'
import { root } from '../support/source-tree.js'

const folder = join(root, 'test/fluent-bit/configs')
const environment = { LOGS: '/var/log', OUT: '/tmp', HOSTNAME: 'gateway' }

/** Files that others include. */
const parts = ['parsers.conf', 'kubernetes-input.conf', 'kubernetes-output.conf', 'env-inputs.yaml']

const storage = ['service.storage.sync', 'service.storage.checksum']
const emitter = ['emitter_name', 'emitter_storage.type', 'emitter_mem_buf_limit'].map((name) => `filters[0].${name}`)

/** Each file, and what of it is told not to be used, in its order. */
const told: { readonly [file: string]: readonly string[] } = {
  'dummy.conf': [],
  'env-list.yaml': [
    ...['db', 'skip_long_lines', 'threaded', 'log_level'].map((name) => `inputs[0].${name}`),
    'filters[0].emitter_name',
    'outputs[0].net.keepalive_max_recycle',
    'outputs[0].net.dns.resolver',
    'outputs[1].allow_duplicated_headers',
    'outputs[1].log_response_payload',
  ],
  'env.yaml': [],
  'exec.conf': [],
  'file.conf': [],
  'host.conf': [],
  'kubernetes.conf': [
    ...['db', 'mem_buf_limit', 'skip_long_lines'].map((name) => `inputs[0].${name}`),
    'outputs[0].tls.debug',
    'outputs[0].workers',
  ],
  'metrics.yaml': ['inputs[11].chunk_size', 'outputs[1].workers', 'outputs[2].format'],
  'modify.conf': [],
  'nest.conf': [],
  'network.conf': [
    'inputs[0].chunk_size',
    'inputs[0].threaded',
    'inputs[1].chunk_size',
    ...['workers', 'send_options'].map((name) => `outputs[0].${name}`),
  ],
  'rewrite-tag.conf': emitter,
  'stdin.conf': [],
  'stock.conf': ['service.plugins_file', 'service.storage.metrics', ...storage, 'service.storage.backlog.mem_limit'],
  'stock.yaml': [
    'service.plugins_file',
    ...storage,
    'service.storage.max_chunks_up',
    'service.storage.backlog.mem_limit',
    'service.json.escape_unicode',
    'inputs[0].mem_buf_limit',
  ],
  'syslog.conf': [],
  'tail-apache.conf': ['mem_buf_limit', 'skip_long_lines', 'db', 'db.sync', 'db.locking'].map(
    (name) => `inputs[0].${name}`,
  ),
}

test('every file of the folder is looked at', () => {
  assert.deepEqual([...Object.keys(told), ...parts].sort(), readdirSync(folder).sort())
})

for (const [file, warned] of Object.entries(told)) {
  test(`${file} runs unchanged`, async () => {
    const { document, problems } = loadConfig(join(folder, file), environment)
    const checked = await checkConfig(document, registry)
    const all = [...problems, ...checked.problems]
    assert.deepEqual(
      all.filter(({ severity }) => severity === 'error'),
      [],
    )
    assert.deepEqual(
      all.map(({ message }) => message.split(': not used; ')[0]),
      warned,
    )
    assert.ok(checked.pipeline)
  })
}
