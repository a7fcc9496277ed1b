import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkYaml } from '../../support/check-yaml.js'

const output = (rest: string): string => `pipeline:
  inputs:
    - {name: meter, tag: host.cpu}
    - {name: meter}
  outputs:
    - ${rest.replaceAll('\n', '\n      ')}
`

describe('checkConfig on a whole configuration', () => {
  test('tells all mistakes at once, in the order of the file', async () => {
    const { told, pipeline: checked } = await checkYaml(`service: {flush: x}
pipeline:
  outputs: [{name: shw}]
  inputs: [{name: meter, interval: x, detail: y}]
`)
    assert.deepEqual(
      told.map((line) => line.split(': ')[0]),
      ['f:1:18', 'f:3:20', 'f:4:36', 'f:4:47'],
    )
    assert.equal(checked, undefined)
  })

  test('says nothing on routes where a plugin is unknown or may give other tags', async () => {
    for (const [inputs, filters] of [
      ['{name: any}', ''],
      ['{name: meter}', '{name: retag, match: "*"}'],
    ]) {
      const source = `pipeline: {inputs: [${inputs}], filters: [${filters}], outputs: [{name: show, match: kube.*}, {name: "null", match: x}]}`
      assert.deepEqual((await checkYaml(source)).told, [])
    }
    const { told } = await checkYaml('pipeline: {inputs: [{name: mter}], outputs: [{name: show, match: kube.*}]}')
    assert.equal(told.length, 1)
  })

  test('reads a whole configuration', async () => {
    const { told, pipeline: checked } = await checkYaml(`
service:
  flush: 500ms
  grace: -1
  storage: {path: /var/lib/sluice}
parsers:
  - {name: words, format: regex, regex: '(?<a>.*)', time_key: t}
pipeline:
  inputs:
    - {name: METER, interval_sec: 0, interval_nsec: 250000000, alias: mine}
    - {name: reader, path: [a, b], parser: words, tag: 1.10, sample: {n: 1}}
    - {name: meter}
  filters:
    - {name: keep, match: '*', regex: a}
  outputs:
    - {name: show, match: mine, format: json_lines}
    - {name: null, match_regex: '1|meter'}
`)
    assert.deepEqual(told, [])
    assert.ok(checked)
    assert.deepEqual(
      [checked.service.flush, checked.service.grace, checked.service['storage.path'], checked.service.memory_limit],
      [500, Infinity, '/var/lib/sluice', 64 * 1024 * 1024],
    )
    assert.deepEqual(
      checked.parsers.map(({ name, codec, options }) => [name, codec.name, options['regex'], options['time_key']]),
      [['words', 'regex', '(?<a>.*)', 't']],
    )
    assert.deepEqual(
      checked.inputs.map(({ id, options }) => [id, options['tag'], options['interval']]),
      [
        ['mine', 'mine', 250],
        ['reader.0', '1.10', undefined],
        ['meter.1', 'meter.1', 1000],
      ],
    )
    assert.deepEqual(checked.inputs[1]?.options['sample'], { n: 1 })
    assert.deepEqual(
      checked.outputs.map(({ id, options }) => [id, options['format']]),
      [
        ['show.0', 'ndjson'],
        ['null.0', undefined],
      ],
    )
    const seen = ['mine', '1.10', 'meter.1'].map((tag) =>
      checked.outputs.filter(({ match }) => match(tag)).map(({ id }) => id),
    )
    assert.deepEqual(seen, [['show.0'], ['null.0'], ['null.0']])
  })

  test('gives everything to the only output where it has no pattern', async () => {
    const { pipeline: checked, told } = await checkYaml('pipeline: {inputs: [{name: meter}], outputs: [{name: show}]}')
    assert.deepEqual(told, [])
    assert.equal(checked?.outputs[0]?.match('whatever'), true)
  })

  test('never shows a secret', async () => {
    const { told } = await checkYaml(output('{name: send, match: "*", password: [hunter2]}'))
    assert.deepEqual(told, ['f:6:42: error: outputs[0].password: expected text'])
  })
})
