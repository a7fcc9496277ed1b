import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appenderSettings } from '../../../src/engine/settings.js'
import { defineInput, flag } from '../../../src/plugin/index.js'
import { optionsOf } from '../../support/options.js'

const mixed = defineInput({
  summary: 'Reads what can wait, or what cannot.',
  full: 'wait',
  options: { live: flag('Whether it cannot.', { default: false }) },
  fullWith: ({ live }) => (live ? 'drop_oldest' : 'wait'),
  create: () => ({ run: () => Promise.resolve() }),
})

test('what happens when memory is full may depend on the options of an input; the user and the lane have the last word', () => {
  const fullOf = (raw: object, lane: object = {}): string =>
    appenderSettings('mixed.0', mixed, optionsOf(mixed, { ...raw }), { mode: 'memory', full: undefined, ...lane }).full
  assert.equal(fullOf({}), 'wait')
  assert.equal(fullOf({ live: true }), 'drop_oldest')
  assert.equal(fullOf({ live: true, full: 'drop_newest' }), 'drop_newest')
  assert.equal(fullOf({ live: true }, { full: 'wait' }), 'wait')
})
