import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { folderOf } from '../support/folder.js'
import { sluice } from '../support/sluice.js'

const configuration = `
service: {flush: 10ms, grace: 1s}
http:
  - listen: 127.0.0.1:0
    stages:
      - {name: access_log, tag: web, format: combined}
      - {name: static, root: www}
pipeline:
  outputs:
    - {name: file, match: web, path: logs, mkdir: on, file: access.log, format: template, template: '{log}', rotate_size: 1KiB, rotate_keep: 20}
`

test('an access log in files that move away as they grow has a line as Apache writes it for each request', async (t) => {
  const folder = folderOf(t, { 'sluice.yaml': configuration, 'www/a.txt': 'hello' })
  const agent = sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder })
  const listening = /listening addresses=(127\.0\.0\.1:\d+)/
  await agent.until(() => listening.test(agent.stderr), 'it listens')
  const url = `http://${listening.exec(agent.stderr)?.[1]}`
  const headers = { 'user-agent': 'tester/1 "x"' }
  for (let n = 0; n < 30; n++) await (await fetch(`${url}/${n === 7 ? 'none' : 'a.txt'}?n=${n}`, { headers })).text()
  assert.equal(await agent.stop('SIGTERM'), 0, agent.stderr)
  const files = readdirSync(join(folder, 'logs'))
  assert.ok(files.includes('access.log') && files.includes('access.log.1'), files.join())
  const lines = files.flatMap((name) =>
    readFileSync(join(folder, 'logs', name), 'utf8')
      .trimEnd()
      .split('\n'),
  )
  const form =
    /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/a\.txt HTTP\/1\.1" 200 5 "-" "tester\/1 \\"x\\""$/
  assert.equal(lines.length, 30)
  assert.equal(lines.filter((line) => form.test(line)).length, 29, lines.join('\n'))
  assert.equal(lines.filter((line) => line.includes('"GET /none HTTP/1.1" 404 ')).length, 1)
})
