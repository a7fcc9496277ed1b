import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'

import { checkConfig } from '../../../src/config/check.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { problemText } from '../../../src/config/node.js'
import { upstreamOption, upstreamOptions } from '../../../src/net/upstream-options.js'
import { tlsOptions } from '../../../src/net/tls-options.js'
import { defineOutput, integer, secret, text, type UpstreamNode } from '../../../src/plugin/index.js'
import { folderOf } from '../../support/folder.js'
import { lookupOf } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'

const lookup = lookupOf({
  ...smallPlugins,
  'output.ship': defineOutput({
    summary: 'Ships.',
    options: {
      host: text('Host.', { default: '127.0.0.1' }),
      port: integer('Port.', { default: 24224, minimum: 1, maximum: 65535 }),
      compress: text('Compression.'),
      shared_key: secret('Key.'),
      ...upstreamOptions,
      upstream: upstreamOption('shared_key'),
      ...tlsOptions,
    },
    ignored: { 'tls.debug': 'what goes wrong with TLS is part of every error' },
    create: () => ({ flush: () => Promise.resolve() }),
  }),
})

async function check(t: TestContext, files: { readonly [name: string]: string }, name = 'main.yaml') {
  const folder = folderOf(t, files)
  const { document, problems } = loadConfig(join(folder, name), { KEY: 'from the environment' })
  const checked = await checkConfig(document, lookup)
  const told = [...problems, ...checked.problems].map((problem) => problemText(problem).replaceAll(`${folder}/`, ''))
  const outputs = checked.pipeline?.outputs ?? []
  const nodes = outputs.map(({ options }) => (options as { upstream?: readonly UpstreamNode[] }).upstream ?? [])
  return { told, nodes, checked }
}

function plainOf(nodes: readonly UpstreamNode[] = []): unknown[] {
  return nodes.map(({ name, weight, standby, options }) => {
    const { host, port, compress, shared_key: key, tls, 'tls.verify': verify } = options
    return [name, weight, standby, host, port, compress, key, tls, verify]
  })
}

const yaml = `
upstream_servers:
  - name: gateways
    nodes:
      - name: first
        host: gw1
        port: 24000
        weight: 3
        tls: on
        tls.verify: off
      - host: gw2
        standby: yes
        shared_key: \${KEY}
pipeline:
  inputs: [{name: meter}]
  outputs:
    - {name: ship, upstream: gateways, port: 25000, compress: gzip, shared_key: of all}
`

const classic = {
  'main.conf': `
[INPUT]
    Name meter
[OUTPUT]
    Name       ship
    Match      *
    Upstream   servers/gateways.conf
    Port       25000
    Compress   gzip
    Shared_Key of all
[OUTPUT]
    Name       ship
    Match      *
    Upstream   servers/gateways.conf
`,
  'servers/gateways.conf': `
[UPSTREAM]
    Name gateways
[NODE]
    Name       first
    Host       gw1
    Port       24000
    Weight     3
    TLS        on
    TLS.Verify off
[NODE]
    Host       gw2
    Standby    yes
    Shared_Key \${KEY}
`,
}

describe('a group of servers', () => {
  const asWritten = [
    ['first', 3, false, 'gw1', 24000, 'gzip', 'of all', true, false],
    [undefined, 1, true, 'gw2', 25000, 'gzip', 'from the environment', false, true],
  ]

  test('gives an output its servers, each with the options of the output and its own over them', async (t) => {
    const { told, nodes } = await check(t, { 'main.yaml': yaml })
    assert.deepEqual(told, [])
    assert.deepEqual(plainOf(nodes[0]), asWritten)
  })

  test('may be in a classic file that outputs name, which is read once', async (t) => {
    const { told, nodes } = await check(t, classic, 'main.conf')
    assert.deepEqual(told, [])
    assert.deepEqual(plainOf(nodes[0]), asWritten)
    assert.deepEqual(
      nodes[1]?.map(({ options }) => [options['port'], options['shared_key']]),
      [
        [24000, undefined],
        [24224, 'from the environment'],
      ],
    )
  })

  test('may be in a file of YAML that outputs name', async (t) => {
    const group = yaml.slice(0, yaml.indexOf('pipeline:'))
    const main = `pipeline: {inputs: [{name: meter}], outputs: [{name: ship, upstream: ./gateways.yaml}]}`
    const { told, nodes } = await check(t, { 'main.yaml': main, 'gateways.yaml': group })
    assert.deepEqual([told, nodes[0]?.length], [[], 2])
  })
})

const rows: readonly [what: string, groups: string, output: string, told: readonly string[]][] = [
  [
    'a name that is none',
    '[{name: gateways, nodes: [{host: gw1}]}]',
    'upstream: gatewys',
    [
      'f:1:20: warning: upstream_servers[0]: no output names it',
      'f:2:70: error: outputs[0].upstream: unknown upstream "gatewys"; did you mean "gateways"?',
    ],
  ],
  [
    'no group at all',
    '[]',
    'upstream: gateways',
    ['f:2:70: error: outputs[0].upstream: unknown upstream "gateways"; name it in upstream_servers'],
  ],
  [
    'a group of nothing',
    '[{name: g, nodes: []}]',
    'upstream: g',
    ['f:1:20: error: upstream_servers[0].nodes: expected at least one server'],
  ],
  [
    'two groups of one name',
    '[{name: g, nodes: [{host: a}]}, {name: g, nodes: [{host: a}]}]',
    'upstream: g',
    [
      'f:1:51: warning: upstream_servers[1]: no output names it',
      'f:1:58: error: upstream_servers[1].name: "g" is defined already at f:1:20',
    ],
  ],
  [
    'a group with an option that is none',
    '[{name: g, balance: failover, nodes: [{host: a}]}]',
    'upstream: g',
    ['f:1:30: error: upstream_servers[0].balance: unknown option; there are name, nodes'],
  ],
  [
    'a server without a host',
    '[{name: g, nodes: [{port: 1}]}]',
    'upstream: g',
    ['f:1:38: error: upstream_servers[0].nodes[0]: option "host" is missing'],
  ],
  [
    'wrong values of a server',
    '[{name: g, nodes: [{host: a, weight: 0, port: 70000, tls: perhaps}]}]',
    'upstream: g',
    [
      'f:1:56: error: upstream_servers[0].nodes[0].weight: expected a whole number from 1 to 999, got 0',
      'f:1:65: error: upstream_servers[0].nodes[0].port: expected a whole number from 1 to 65535, got 70000',
      'f:1:77: error: upstream_servers[0].nodes[0].tls: expected on or off, got "perhaps"',
    ],
  ],
  [
    'an option that the output does not have',
    '[{name: g, nodes: [{host: a, tls.verfy: off}]}]',
    'upstream: g',
    ['f:1:48: error: upstream_servers[0].nodes[0].tls.verfy: unknown option; did you mean "tls.verify"?'],
  ],
  [
    'an option of the output that is that of all servers',
    '[{name: g, nodes: [{host: a, compress: gzip}]}]',
    'upstream: g',
    ['f:1:48: error: upstream_servers[0].nodes[0].compress: not an option of one server; write it where the output is'],
  ],
  [
    'an option of Fluent Bit that is not used',
    '[{name: g, nodes: [{host: a, tls.debug: 1}]}]',
    'upstream: g',
    [
      'f:1:48: warning: upstream_servers[0].nodes[0].tls.debug: not used; what goes wrong with TLS is part of every error',
    ],
  ],
  [
    'a secret, which is not shown',
    '[{name: g, nodes: [{host: a, shared_key: [hush]}]}]',
    'upstream: g',
    ['f:1:60: error: upstream_servers[0].nodes[0].shared_key: expected text'],
  ],
  [
    'what is wrong with the output itself, which is told once',
    '[{name: g, nodes: [{host: a}, {host: b}]}]',
    'upstream: g, port: no, colour: red',
    [
      'f:2:79: error: outputs[0].port: expected a whole number from 1 to 65535, got "no"',
      'f:2:83: error: outputs[0].colour: unknown option',
    ],
  ],
  [
    'servers beside a group',
    '[{name: g, nodes: [{host: a}]}]',
    'upstream: g, servers: [b]',
    [
      'f:1:20: warning: upstream_servers[0]: no output names it',
      'f:2:82: error: outputs[0].servers: "upstream" names servers already; leave one of them out',
    ],
  ],
  [
    'a variable that is not set',
    '[{name: g, nodes: [{host: a, port: "${NO_SUCH}"}]}]',
    'upstream: g',
    ['f:1:54: error: variable "NO_SUCH" is not set; set it, or write ${NO_SUCH:-fallback}'],
  ],
]

describe('the check of groups of servers tells', () => {
  for (const [what, groups, output, expected] of rows)
    test(what, async (t) => {
      const main = `upstream_servers: ${groups}\npipeline: {inputs: [{name: meter}], outputs: [{name: ship, ${output}}]}`
      const { told } = await check(t, { f: main }, 'f')
      assert.deepEqual(told, expected)
    })

  test('a mistake of a server once, though two outputs find it', async (t) => {
    const main = `
upstream_servers: [{name: g, nodes: [{host: a, port: 0}]}]
pipeline:
  inputs: [{name: meter}]
  outputs: [{name: ship, match: '*', upstream: g}, {name: ship, match: '*', upstream: g}]`
    assert.equal((await check(t, { f: main }, 'f')).told.length, 1)
  })

  test('a file that is not there, has no group or several, and nothing more', async (t) => {
    const main = (file: string): string =>
      `pipeline: {inputs: [{name: meter}], outputs: [{name: ship, upstream: ${file}}]}`
    const group = '[UPSTREAM]\n    Name g\n[NODE]\n    Host a\n'
    for (const [file, expected] of [
      ['none.conf', /^main\.yaml:1:\d+: error: cannot read "none\.conf"/],
      ['empty.conf', /"empty\.conf": expected one \[UPSTREAM\], or one entry of upstream_servers, got 0$/],
      ['two.conf', /"two\.conf": expected one \[UPSTREAM\], or one entry of upstream_servers, got 2$/],
      ['stray.conf', /^stray\.conf:1:1: error: expected "\[UPSTREAM\]" before "\[NODE\]"$/],
    ] as const) {
      const files = { 'empty.conf': '# nothing', 'two.conf': group + group, 'stray.conf': '[NODE]\n    Host a\n' }
      const { told } = await check(t, { 'main.yaml': main(file), ...files })
      assert.equal(told.length, 1, told.join('\n'))
      assert.match(told[0] ?? '', expected)
    }
  })

  test('that an output knows no groups', async (t) => {
    const main = `
upstream_servers: [{name: g, nodes: [{host: a}]}]
pipeline: {inputs: [{name: meter}], outputs: [{name: send, upstream: g}]}`
    const { told } = await check(t, { f: main }, 'f')
    assert.match(told.join('\n'), /outputs\[0\]\.upstream: not offered; write `host` and `port` of one server instead/)
  })
})
