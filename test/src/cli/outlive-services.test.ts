import assert from 'node:assert/strict'
import { test } from 'node:test'

import { culpritOf } from '../../../src/cli/outlive-services.js'
import type { CheckedPipeline } from '../../../src/config/pipeline.js'
import service from '../../../stages/service/index.js'
import staticFiles from '../../../stages/static/index.js'

const panel = { id: 'service.0', plugin: { definition: service }, options: { module: '/etc/panel/panel.mjs' } }
const files = { id: 'static.0', plugin: { definition: staticFiles }, options: { root: '/etc/panel' } }
const pipeline = { servers: [{ stages: [files, panel] }] } as unknown as CheckedPipeline

const culprit = (...frames: readonly string[]): unknown => {
  const error = new Error('no scale')
  error.stack = ['Error: no scale', ...frames].join('\n    at ')
  return culpritOf(error, pipeline, '/etc/panel/node_modules/sluice/dist/')
}

test('what a service throws is told by the first place of its own, or of a package that it uses', () => {
  const places = [
    ['file:///etc/panel/panel.mjs:3:7', 'panel.mjs:3:7'],
    ['read (file:///etc/panel/my%20scale.mjs?v=2:3:7)', 'my scale.mjs:3:7'],
    ['Timeout.read [as _onTimeout] (/etc/panel/node_modules/scale/index.js:1:9)', 'node_modules/scale/index.js:1:9'],
  ] as const
  for (const [frame, at] of places)
    assert.deepEqual(culprit('listOnTimeout (node:internal/timers:573:17)', frame), { id: 'service.0', at })
})

test('what the agent throws is no fault of a service, though it may be installed beside it', () => {
  assert.equal(culprit('file:///etc/panel/node_modules/sluice/dist/src/log/lane.js:9:9'), undefined)
  assert.equal(culprit('file:///usr/lib/node_modules/sluice/dist/src/log/lane.js:9:9'), undefined)
  assert.equal(culpritOf('a text', pipeline), undefined)
})
