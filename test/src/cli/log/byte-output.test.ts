import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ByteStream, writeBytes } from '../../../../src/cli/log/byte-output.js'

function endingIn(error: Error | undefined): ByteStream {
  return {
    write: (_, done) => {
      queueMicrotask(() => done(error))
      return true
    },
  }
}

const withCode = (code: string): Error => Object.assign(new Error(`write ${code}`), { code })

test('bytes are taken, or nobody reads any more, or the system says why not', async () => {
  const bytes = Buffer.from('x')
  assert.equal(await writeBytes(endingIn(undefined), bytes), true)
  assert.equal(await writeBytes(endingIn(withCode('EPIPE')), bytes), false)
  assert.equal(await writeBytes(endingIn(withCode('ERR_STREAM_DESTROYED')), bytes), false)
  await assert.rejects(writeBytes(endingIn(withCode('ENOSPC')), bytes), {
    code: 'CLI_NOT_SHOWN',
    message: 'standard output: write ENOSPC',
  })
})
