import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkConfig } from '../../../src/config/check.js'
import { problemText } from '../../../src/config/node.js'
import { documentOf } from '../../../src/config/plain-config.js'
import { lookupOf } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'

const lookup = lookupOf(smallPlugins)
const flags = { service: '', parsers: '-R', inputs: '-i', filters: '-F', outputs: '-o' }

describe('documentOf', () => {
  test('makes a pipeline of plain values', async () => {
    const document = documentOf(
      {
        service: { flush: '2s' },
        inputs: [{ name: 'reader', path: ['a'], sample: { n: 1 } }],
        outputs: [{ name: 'show' }],
      },
      (section, name) => `${flags[section]} ${name}`,
    )
    const { pipeline, problems } = await checkConfig(document, lookup)
    assert.deepEqual(problems, [])
    assert.equal(pipeline?.service.flush, 2000)
    assert.deepEqual(pipeline?.inputs[0]?.options['sample'], { n: 1 })
  })

  test('names the place of a problem by its label', async () => {
    const document = documentOf(
      { inputs: [{ name: 'meter', interva: '1s' }], outputs: [{ name: 'shw' }] },
      (section, name) => `${flags[section]} ${name}`,
    )
    const { problems } = await checkConfig(document, lookup)
    assert.deepEqual(problems.map(problemText), [
      '-i meter: error: inputs[0].interva: unknown option; did you mean "interval"?',
      '-o shw: error: outputs[0].name: unknown output "shw"; did you mean "show"?',
    ])
  })

  test('leaves variables to the shell', async () => {
    const document = documentOf(
      { inputs: [{ name: 'meter', tag: '${X}', alias: undefined }], outputs: [{ name: 'show' }] },
      () => 'x',
    )
    const { pipeline } = await checkConfig(document, lookup)
    assert.equal(pipeline?.inputs[0]?.options.tag, '${X}')
  })
})
