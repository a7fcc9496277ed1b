import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { test } from 'node:test'
import { readable } from '../../../../src/cli/log/readable.js'

test('what the system refuses is an error that says what to do, and a bug stays a bug', async () => {
  await assert.rejects(readable('log ls', open('/dev/null/none')), {
    code: 'CLI_LOG_UNREADABLE',
    message: "log ls: ENOTDIR: not a directory, open '/dev/null/none'; -b takes a folder, -c a file",
  })
  const denied = Object.assign(new Error('EACCES: denied'), { code: 'EACCES', syscall: 'open' })
  await assert.rejects(readable('log ls', Promise.reject(denied)), {
    message: 'log ls: EACCES: denied; run it as root or as the user of the agent',
  })
  await assert.rejects(readable('log ls', Promise.reject(new TypeError('bug'))), { name: 'TypeError' })
})
