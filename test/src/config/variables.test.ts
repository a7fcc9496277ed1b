import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { problemText } from '../../../src/config/node.js'
import { expandNode, withDefaults } from '../../../src/config/variables.js'
import { parseYaml } from '../../../src/config/yaml.js'

const variables = { PORT: '5170', HOST: 'gw', EMPTY: '', SWITCH: 'true' }

function expand(source: string): { values: unknown[]; told: string[] } {
  const { root } = parseYaml(source, 'f')
  assert.ok(root?.kind === 'map')
  const { value, problems } = expandNode(root, variables)
  const values = value.entries.map((entry) => (entry.value.kind === 'scalar' ? entry.value.value : entry.value.kind))
  return { values, told: problems.map(problemText) }
}

describe('expandNode', () => {
  const cases: [string, unknown][] = [
    ['a: ${HOST}', 'gw'],
    ['a: http://${HOST}:${PORT}/x', 'http://gw:5170/x'],
    ['a: ${PORT}', 5170],
    ['a: "${PORT}"', '5170'],
    ['a: ${SWITCH}', true],
    ['a: "${EMPTY}"', ''],
    ['a: ${NOPE:-fallback}', 'fallback'],
    ['a: ${NOPE:-}x', 'x'],
    ['a: ${HOST:-fallback}', 'gw'],
    ['a: $${HOST}', '${HOST}'],
    ["a: $key['x'] $", "$key['x'] $"],
  ]
  for (const [source, expected] of cases) {
    test(`reads ${source}`, () => assert.deepEqual(expand(source), { values: [expected], told: [] }))
  }

  const wrong: [string, string][] = [
    ['a:\n  ${NOPE}', 'f:2:3: error: variable "NOPE" is not set; set it, or write ${NOPE:-fallback}'],
    ['a: ${HOSTS}', 'f:1:4: error: variable "HOSTS" is not set; did you mean "HOST"?'],
    ['a: "${a b}"', 'f:1:4: error: expected ${NAME} or ${NAME:-fallback}, got "${a b}"; write $${ for a plain ${'],
    ['a: "x ${open"', 'f:1:4: error: expected ${NAME} or ${NAME:-fallback}, got "${open"; write $${ for a plain ${'],
  ]
  for (const [source, expected] of wrong)
    test(`says ${expected}`, () => assert.deepEqual(expand(source).told, [expected]))
})

describe('withDefaults', () => {
  function env(source: string, environment: Record<string, string> = {}): Record<string, unknown> {
    const { root } = parseYaml(source, 'f')
    assert.ok(root?.kind === 'map')
    return withDefaults(environment, root.entries).value
  }

  test('defines variables, which may use earlier ones', () => {
    assert.deepEqual(env('A: 1\nB: ${A}2'), { A: '1', B: '12' })
  })

  test('lets the environment go before the file', () => {
    assert.deepEqual(env('A: 1\nB: ${A}2', { A: 'x' }), { A: 'x', B: 'x2' })
  })
})
