import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { answerFromCgi, parseCgiHead } from '../../../src/http/cgi-answer.js'
import { HttpError } from '../../../src/http/http-error.js'
import type { Stage } from '../../../src/http/stage.js'
import { startServer } from '../../support/http-server.js'

test('the head of a script is read as it is meant', () => {
  const rows = [
    ['Content-Type: text/html', 200, { 'content-type': 'text/html' }],
    ['Status: 404 Not Found\r\nX-A:b  \nx-a:\tc', 404, { 'x-a': ['b', 'c'] }],
    ['location: /a', 302, { location: '/a' }],
    ['Status: 201\nLocation: /a\nConnection: x-b\nX-B: c', 201, { location: '/a' }],
  ] as const
  for (const [text, status, headers] of rows) assert.deepEqual(parseCgiHead(text), { status, headers })
})

test('any other bytes are an HttpError, and nothing gets a header through that Node would not send', () => {
  const bytes = fc.uint8Array({ maxLength: 9 }).map((each) => Buffer.from(each).toString('latin1'))
  const lines = fc.oneof(
    bytes,
    bytes.map((value) => `X-A: ${value}`),
    fc.constant('Status: 200'),
  )
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 4 }), (parts) => {
      try {
        const { headers } = parseCgiHead(parts.join('\n'))
        for (const value of Object.values(headers).flat()) assert.match(value, /^[\t\x20-\x7e\x80-\xff]*$/)
      } catch (error) {
        assert.ok(error instanceof HttpError && error.status === 502, String(error))
      }
    }),
  )
})

test('what is sent of an answer is counted, without its head, and nothing where only that was asked for', async (t) => {
  const sent: number[] = []
  const stage: Stage = {
    async handle(exchange) {
      const parts = ['A: b', '\n\nab', 'cde'].map((text) => Buffer.from(text))
      await answerFromCgi(exchange, arriving(parts), 100)
      exchange.response.end()
      return true
    },
    onResponse: ({ sentBytes }) => void sent.push(sentBytes),
  }
  const { url, stop } = await startServer(t, { stages: [stage] })
  assert.equal(await (await fetch(url)).text(), 'abcde')
  await fetch(url, { method: 'HEAD' })
  await stop()
  assert.deepEqual(sent, [5, 0])
})

async function* arriving<T>(parts: readonly T[]): AsyncGenerator<T> {
  yield* parts
}
