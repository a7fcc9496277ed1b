import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { root } from '../support/source-tree.js'

interface Package {
  readonly dev?: true
  readonly engines?: { readonly node?: string }
}

const { engines } = jsonOf('package.json') as { readonly engines: { readonly node: string } }
const { packages } = jsonOf('package-lock.json') as { readonly packages: { readonly [path: string]: Package } }
const oldest = numbersOf(engines.node)

// npm only warns of a package that wants a newer Node, and its users are the first to hear what it lacks.
test('every package that the agent is installed with runs on the oldest Node that is supported', () => {
  const ours = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
  assert.ok(ours.some(([path]) => path === 'node_modules/ws'))
  const newer = ours.filter(([, each]) => !takes(each.engines?.node ?? '>=0'))
  assert.deepEqual(
    newer.map(([path, each]) => `${path}: ${each.engines?.node}`),
    [],
  )
})

test('a range of versions of Node is read as npm reads it', () => {
  for (const range of ['>=20.0.0', '^18 || ^20 || >= 21', '>= 10.x', '^20.19.0 || >=22.12', '>=0.8.x'])
    assert.ok(takes(range), range)
  for (const range of ['>=22', '>=20.20', '^18 || >= 22', '^20.20.1', '^22.0.0']) assert.ok(!takes(range), range)
})

/** Of the ranges that there are: `>=` and `^`, and several of them. Others are asked about. */
function takes(range: string): boolean {
  return range.split('||').some((part) => {
    const [, sign, version = ''] =
      /^(>=|\^)\s*([\d.x]+)$/.exec(part.trim()) ?? assert.fail(`a range such as "${range}"`)
    const least = numbersOf(version)
    return compare(least, oldest) <= 0 && (sign === '>=' || least[0] === oldest[0])
  })
}

function numbersOf(version: string): readonly number[] {
  return version
    .replace(/^\D*/, '')
    .split('.')
    .map((part) => Number(part.replace('x', '0')))
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (one[index] ?? 0) !== (other[index] ?? 0))
  return at === undefined ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}

function jsonOf(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}
