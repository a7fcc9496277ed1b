import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkYaml } from '../../support/check-yaml.js'

/** Lines in front of what a case is about, so that its own first line is the fifth. */
const pipeline = (rest: string): string => `pipeline:
  inputs: [{name: meter}]
  outputs: [{name: show}]
  filters:
${rest}`

const input = (rest: string): string => `pipeline:
  outputs:
    - {name: show, match: '*'}
  inputs:
    - name: meter
      ${rest.replaceAll('\n', '\n      ')}
`

const output = (rest: string): string => `pipeline:
  inputs:
    - {name: meter, tag: host.cpu}
    - {name: meter}
  outputs:
    - ${rest.replaceAll('\n', '\n      ')}
`

describe('checkConfig', () => {
  const wrong: [string, string, string][] = [
    [
      'an unknown section',
      'servic: {}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:1:1: error: servic: unknown section; did you mean "service"?',
    ],
    [
      'an unknown section by a name that every object has',
      'toString: {}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:1:1: error: toString: unknown section; there are env, includes, service, parsers, upstream_servers, http, pipeline',
    ],
    [
      'an unknown option by such a name',
      input('constructor: 1'),
      'f:6:7: error: inputs[0].constructor: unknown option',
    ],
    [
      'an unknown option that would be the prototype',
      input('__proto__: {interval: 1s}'),
      'f:6:7: error: inputs[0].__proto__: unknown option',
    ],
    [
      'a section out of its place',
      'inputs: []\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:1:1: error: inputs: unknown section; write it below "pipeline"',
    ],
    [
      'a section that is not offered',
      'multiline_parsers: []\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:1:1: error: multiline_parsers: not offered; there is no multiline parser',
    ],
    [
      'an unknown section of the pipeline',
      'pipeline:\n  input: []\n  inputs: [{name: meter}]\n  outputs: [{name: show}]',
      'f:2:3: error: pipeline.input: unknown section; did you mean "inputs"?',
    ],
    [
      'a section that is no list',
      'pipeline:\n  inputs: [{name: meter}]\n  filters: {name: keep}\n  outputs: [{name: show}]',
      'f:3:12: error: filters: expected a list, each entry behind "- ", got a map',
    ],
    [
      'an entry that is no map',
      'pipeline:\n  inputs: [{name: meter}, cpu]\n  outputs: [{name: show}]',
      'f:2:27: error: inputs[1]: expected a map, got "cpu"',
    ],
    [
      'a pipeline without inputs',
      'pipeline:\n  outputs: [{name: show}]',
      'f:1:1: error: pipeline.inputs: expected at least one input',
    ],
    [
      'a pipeline without outputs',
      'pipeline:\n  inputs: [{name: meter}]',
      'f:1:1: error: pipeline.outputs: expected at least one output',
    ],
    [
      'an unknown setting of the service',
      'service:\n  flsh: 1\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:3: error: service.flsh: unknown option; did you mean "flush"?',
    ],
    [
      'a wrong setting of the service',
      'service:\n  log_level: loud\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:14: error: service.log_level: expected one of off, error, warn, info, debug, trace, got "loud"',
    ],
    [
      'a daemon',
      'service:\n  daemon: on\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:3: error: service.daemon: not offered; write `daemon: off` and let systemd start the agent in the background',
    ],
    [
      'an unknown plugin',
      'pipeline:\n  inputs:\n    - name: mter\n  outputs: [{name: show}]',
      'f:3:13: error: inputs[0].name: unknown input "mter"; did you mean "meter"?',
    ],
    [
      'an entry without a name',
      'pipeline:\n  inputs:\n    - tag: x\n  outputs: [{name: show}]',
      'f:3:7: error: inputs[0]: "name" is missing',
    ],
    [
      'an unknown option',
      input('interva: 1s'),
      'f:6:7: error: inputs[0].interva: unknown option; did you mean "interval"?',
    ],
    [
      'a word that is none of those there are',
      input('detail: cores'),
      'f:6:15: error: inputs[0].detail: expected one of total, core, got "cores"; did you mean "core"?',
    ],
    [
      'a wrong unit',
      input('interval: 5 minutes'),
      'f:6:17: error: inputs[0].interval: expected a duration such as "1s" or "250ms", got "5 minutes"',
    ],
    ['a wrong flag', input('verbose: maybe'), 'f:6:16: error: inputs[0].verbose: expected on or off, got "maybe"'],
    ['a list where text is wanted', input('alias: [a]'), 'f:6:14: error: inputs[0].alias: expected text, got a list'],
    [
      'an option that is not offered',
      input('pid: 5'),
      'f:6:7: error: inputs[0].pid: not offered; use the input `proc` instead',
    ],
    ['an option without a value', input('tag:'), 'f:6:7: error: inputs[0].tag: expected text, got nothing'],
    [
      'an option in two cases',
      input('tag: x\nTag: y'),
      'f:7:7: error: inputs[0].Tag: "tag" is given already as "tag"; leave one of them out',
    ],
    [
      'an option of Fluent Bit that changes nothing',
      input('mem_buf_limit: 5M'),
      'f:6:7: warning: inputs[0].mem_buf_limit: not used; `service.memory_limit` bounds what all inputs hold together',
    ],
    [
      'a wrong number',
      output('{name: send, match: "*", port: ssh}'),
      'f:6:38: error: outputs[0].port: expected a whole number from 1 to 65535, got "ssh"',
    ],
    [
      'a number out of bounds',
      output('name: send\nmatch: "*"\nport: 70000'),
      'f:8:13: error: outputs[0].port: expected a whole number from 1 to 65535, got 70000',
    ],
    [
      'a required option that is missing',
      'pipeline:\n  inputs:\n    - name: reader\n  outputs: [{name: show}]',
      'f:3:7: error: inputs[0]: option "path" is missing',
    ],
    [
      'an unknown parser',
      'pipeline:\n  inputs:\n    - {name: reader, path: x, parser: jsn}\n  outputs: [{name: show}]',
      'f:3:39: error: inputs[0].parser: unknown parser "jsn"; did you mean "json"?',
    ],
    [
      'an unknown parser of a part',
      'pipeline:\n  inputs:\n    - name: reader\n      path: x\n      parts: [{parser: json}, {parser: jsn}]\n  outputs: [{name: show}]',
      'f:5:40: error: inputs[0].parts[1].parser: unknown parser "jsn"; did you mean "json"?',
    ],
    [
      'an unknown format',
      output('name: show\nmatch: "*"\nformat: xml'),
      'f:8:15: error: outputs[0].format: unknown format "xml"; there are json, ndjson, regex',
    ],
    [
      'a wrong regular expression',
      output("name: show\nmatch_regex: '('"),
      'f:7:20: error: outputs[0].match_regex: expected a regular expression, got "("; Invalid regular expression: /^(?:()/: Unterminated group',
    ],
    [
      'an output without a pattern beside others',
      output('name: show'),
      'f:6:7: error: outputs[0]: "match" is missing; write match: "*" for every tag',
    ],
    [
      'a filter without a pattern',
      pipeline('    - name: keep'),
      'f:5:7: error: filters[0]: "match" is missing; write match: "*" for every tag',
    ],
    [
      'an output that no tag fits',
      output('name: show\nmatch: kube.*'),
      'f:7:14: error: outputs[0].match: "kube.*" matches no tag; the tags are "host.cpu", "meter.1"',
    ],
    [
      'an output whose regular expression no tag fits',
      output('name: show\nmatch_regex: ^kube'),
      'f:7:20: error: outputs[0].match_regex: "^kube" matches no tag; the tags are "host.cpu", "meter.1"',
    ],
    [
      'a filter that no tag fits',
      pipeline('    - name: keep\n      match: x'),
      'f:6:14: error: filters[0].match: "x" matches no tag; the tags are "meter.0"',
    ],
    [
      'a tag that no output takes',
      output('name: show\nmatch: host.*'),
      'f:4:7: warning: inputs[1].tag: no output takes "meter.1", so its events are dropped',
    ],
    [
      'a tag with a star that an output cannot fit',
      'pipeline:\n  inputs: [{name: reader, path: x, tag: log.*}]\n  outputs:\n    - {name: show, match: kube.*}',
      'f:4:27: error: outputs[0].match: "kube.*" matches no tag; the tags are "log.*"',
    ],
    [
      'a name that is given twice',
      'pipeline:\n  inputs:\n    - {name: meter, alias: a}\n    - {name: meter, alias: a}\n  outputs: [{name: show, match: a}]',
      'f:4:28: error: inputs[1].alias: "a" is the name of the input at f:3:7; choose another',
    ],
    [
      'an alias that is the name of another',
      'pipeline:\n  inputs:\n    - {name: meter, alias: meter.1}\n    - {name: meter}\n  outputs: [{name: show, match: "*"}]',
      'f:4:7: error: inputs[1].alias: "meter.1" is the name of the input at f:3:7; choose another',
    ],
    [
      'an unknown codec',
      'parsers:\n  - {name: p, format: jsn}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:23: error: parsers[0].format: unknown codec "jsn"; did you mean "json"?',
    ],
    [
      'a parser without a name',
      'parsers:\n  - {format: json}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:5: error: parsers[0]: "name" is missing',
    ],
    [
      'a parser that is defined twice',
      'parsers:\n  - {name: p, format: json}\n  - {name: p, format: json}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:3:12: error: parsers[1].name: parser "p" is defined already at f:2:5',
    ],
    [
      'a parser without what its codec needs',
      'parsers:\n  - {name: p, format: regex}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:5: error: parsers[0]: option "regex" is missing',
    ],
    [
      'a wrong option of a parser',
      'parsers:\n  - {name: p, format: json, time_keep: maybe}\npipeline: {inputs: [{name: meter}], outputs: [{name: show}]}',
      'f:2:40: error: parsers[0].time_keep: expected on or off, got "maybe"',
    ],
  ]
  for (const [name, source, expected] of wrong) {
    test(`tells ${name}, with its place`, async () => {
      const { pipeline: checked, told } = await checkYaml(source)
      assert.deepEqual(told, [expected])
      assert.equal(checked === undefined, expected.includes(': error: '))
    })
  }
})
