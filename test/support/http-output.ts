import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import http from '../../outputs/http/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { AgentError } from '../../src/plugin/errors.js'
import { type Answer, HttpDestination, type Received } from './http-destination.js'
import { optionsOf } from './options.js'
import { RecordingOutputContext } from './output-context.js'

/** The signal of a flush that nobody ends. */
export const forever: AbortSignal = new AbortController().signal

export interface HttpParts {
  outputTo(port: number, options?: { readonly [name: string]: unknown }): Promise<Output>
  destination(answer?: Answer, tls?: { readonly key: string; readonly cert: string }): Promise<HttpDestination>
}

/** Makes outputs and servers, and ends them after each test of the suite that it is called in. */
export function httpParts(): HttpParts {
  const ended: (() => Promise<void> | undefined)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0).toReversed()) await end()
  })
  return {
    async outputTo(port, options = {}) {
      const output = await http.create(optionsOf(http, { port, ...options }), new RecordingOutputContext())
      ended.push(() => output.close?.())
      return output
    },
    async destination(answer, tls) {
      const server = await new HttpDestination(tls).listen()
      if (answer) server.answer = answer
      ended.push(() => server.close())
      return server
    },
  }
}

export function status(code: number, headers: { readonly [name: string]: string } = {}, text = ''): Answer {
  return (_request, response) => void response.writeHead(code, headers).end(text)
}

/** The records of a json_lines body. */
export function recordsOf({ body }: Received): EventRecord[] {
  const lines = body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => {
    const { date: _date, ...record } = JSON.parse(line) as EventRecord
    return record
  })
}

export function numbered(count: number, tag = 'test'): { tag: string; record: EventRecord }[] {
  return Array.from({ length: count }, (_, n) => ({ tag, record: { n } }))
}

export async function failure(promise: Promise<void>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AgentError, 'expected the flush to reject with an AgentError')
  return error
}
