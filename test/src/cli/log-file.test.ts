import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openLog } from '../../../src/cli/log-file.js'
import type { Terminal } from '../../../src/cli/terminal.js'
import { folderOf } from '../../support/folder.js'

function logTo(t: TestContext, name: string) {
  const folder = folderOf(t, {})
  const errors: string[] = []
  const plain = (text: string): string => text
  const table = (): string => ''
  const err = (text: string): void => void errors.push(text)
  const terminal: Terminal = { out: err, err, outTable: table, errTable: table, bold: plain, paint: (_, text) => text }
  const log = openLog({ log_level: 'info', log_file: join(folder, name) }, terminal)
  return { folder, errors, log, lines: (file: string) => readFileSync(join(folder, file), 'utf8').split('\n') }
}

test('a log file that was moved away is there again with the next line', (t) => {
  const { folder, errors, log, lines } = logTo(t, 'agent.log')
  log.write('info', 'agent', 'one')
  renameSync(join(folder, 'agent.log'), join(folder, 'agent.log.1'))
  log.write('info', 'agent', 'two')
  assert.match(lines('agent.log.1')[0] ?? '', / info {2}agent one$/)
  assert.match(lines('agent.log')[0] ?? '', / info {2}agent two$/)
  assert.deepEqual(errors, [])
})

test('a log that cannot be written goes to standard error, until it can', (t) => {
  const { folder, errors, log, lines } = logTo(t, 'logs/agent.log')
  log.write('info', 'agent', 'one')
  log.write('info', 'agent', 'two')
  assert.match(errors[0] ?? '', /^log_file: ENOENT: .*; logging to standard error$/)
  assert.deepEqual(
    errors.slice(1).map((line) => line.split(' ').at(-1)),
    ['one', 'two'],
  )
  mkdirSync(join(folder, 'logs'))
  log.write('info', 'agent', 'three')
  assert.match(lines('logs/agent.log')[0] ?? '', / agent three$/)
})
