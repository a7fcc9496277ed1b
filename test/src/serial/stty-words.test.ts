import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasName, sttyWords } from '../../../src/serial/stty-words.js'
import { serialSettings } from '../../support/serial-line.js'

const cases: readonly [string, { readonly [option: string]: unknown }, readonly string[]][] = [
  [
    'plain',
    {},
    ['raw', '-echo', 'min', '1', 'clocal', 'hupcl', '9600', 'cs8', '-cstopb', '-parenb', '-crtscts', '-ixon'],
  ],
  ['even', { data_bits: 7, parity: 'even', stop_bits: 2 }, ['cs7', 'cstopb', 'parenb', '-parodd', '-cmspar']],
  ['odd', { parity: 'odd' }, ['parenb', 'parodd', '-cmspar']],
  ['mark', { parity: 'mark' }, ['parenb', 'parodd', 'cmspar']],
  ['space', { parity: 'space' }, ['parenb', '-parodd', 'cmspar']],
  ['hardware', { flow_control: 'hardware', hang_up: false }, ['crtscts', '-ixon', '-ixoff', '-hupcl']],
  ['software', { flow_control: 'software' }, ['-crtscts', 'ixon', 'ixoff', '-ixany']],
]

for (const [name, raw, expected] of cases)
  test(`stty is told of a line that is ${name}`, () => {
    const words = sttyWords(serialSettings(raw))
    assert.deepEqual(
      expected.filter((word) => !words.includes(word)),
      [],
    )
  })

test('stty is told only of speeds that it knows', () => {
  assert.deepEqual([hasName(115_200), hasName(250_000)], [true, false])
  assert.ok(!sttyWords(serialSettings({ baud_rate: 250_000 })).includes('250000'))
})
