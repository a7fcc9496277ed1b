import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileDatedTemplate } from '../../../src/event/dated-template.js'

const textAt = (template: string, moment: string): string =>
  compileDatedTemplate(
    template,
    '-',
  )({
    tag: 'can.bus0',
    time: { seconds: Date.parse(moment) / 1000, nanoseconds: 5 },
    record: { site: '100%Y' },
  })

test('directives are those of strftime, in UTC', () => {
  const rows = [
    ['%Y.%m.%d', '2026-01-02T03:04:05Z', '2026.01.02'],
    ['%y%j', '2024-12-31T00:00:00Z', '24366'],
    ['%H:%M:%S', '2026-11-23T23:59:07Z', '23:59:07'],
    ['%G-W%V', '2027-01-03T00:00:00Z', '2026-W53'],
    ['%G-W%V', '2024-12-30T00:00:00Z', '2025-W01'],
    ['%G-W%V', '2026-06-15T00:00:00Z', '2026-W25'],
  ] as const
  for (const [template, moment, text] of rows) assert.equal(textAt(template, moment), text, template)
  assert.equal(textAt('%%Y', '2026-01-02T00:00:00Z'), '%Y')
})

test('what an event has stands beside them, and is no directive', () => {
  assert.equal(textAt('$TAG[1]/$site/%Y/$gone', '2026-01-02T00:00:00Z'), 'bus0/100%Y/2026/-')
})

test('a template knows every moment, not only the first', () => {
  const template = compileDatedTemplate('%S')
  const at = (seconds: number): string => template({ tag: '', time: { seconds, nanoseconds: 0 }, record: {} })
  assert.deepEqual([at(1), at(1), at(2), at(1)], ['01', '01', '02', '01'])
})

test('other directives, and a last percent sign, are refused', () => {
  for (const template of ['%Q', 'a%', '%E']) assert.throws(() => compileDatedTemplate(template), { code: 'EVENT_DATE' })
})
