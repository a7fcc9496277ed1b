import assert from 'node:assert/strict'
import { get } from 'node:http'
import { test } from 'node:test'

import redirect from '../../stages/redirect/index.js'
import { startServer } from '../support/http-server.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'

type Case = readonly [options: { readonly [option: string]: unknown }, asked: string, location: string | null]

const cases: readonly Case[] = [
  [{ path: '/old', to: '/new' }, '/old', '/new'],
  [{ path: '/old', to: '/new' }, '/old/a/b?c=d', '/new/a/b?c=d'],
  [{ path: '/old/', to: '/new/' }, '/old/a', '/new/a'],
  [{ path: '/old', to: '/new' }, '/%6Fld/a', '/new/a'],
  [{ path: '/old', to: '/new' }, '/older', null],
  [{ path: '/old', to: 'https://panel.example' }, '/old/a%20b', 'https://panel.example/a%20b'],
  [{ to: 'https://panel.example/' }, '/', 'https://panel.example/'],
  [{ to: '/ui/', exact: true }, '/', '/ui/'],
  [{ to: '/ui/', exact: true }, '/?lang=eu', '/ui/?lang=eu'],
  [{ to: '/ui/', exact: true }, '/ui/', null],
  [{ path: '/old', to: '/old/1', exact: true }, '/old', '/old/1'],
  [{ path: '/old', to: '/old/1', exact: true }, '/old/1', null],
  // It may not lead to a host that whoever made the link has chosen.
  [{ path: '/old', to: '/' }, '/old/\\evil.example', '/%5Cevil.example'],
]

for (const [options, asked, location] of cases) {
  test(`${JSON.stringify(options)} sends ${asked} to ${location ?? 'nowhere'}`, async (t) => {
    const { port } = await startServer(t, { stages: [stageOf(options)] })
    const answer = await answerOf(port, asked)
    assert.deepEqual([answer.status, answer.location], location === null ? [404, null] : [302, location])
  })
}

test('the status is the one that was chosen', async (t) => {
  const { port } = await startServer(t, { stages: [stageOf({ path: '/old', to: '/new', status: 308 })] })
  assert.equal((await answerOf(port, '/old')).status, 308)
})

for (const options of [{ to: '/ui' }, { path: '/ui', to: '/ui/' }, { path: '/ui', to: '/ui', exact: true }]) {
  test(`${JSON.stringify(options)} is refused, since clients would go round and round`, () => {
    assert.throws(() => stageOf(options), { code: 'REDIRECT_LOOP' })
  })
}

for (const to of ['ui', '//evil.example', 'ftp://a', '/a b', 'https://a/b?c']) {
  test(`"${to}" is not taken for a place to go to`, () => {
    assert.throws(() => stageOf({ path: '/old', to }), /expected a path such as/)
  })
}

function stageOf(options: { readonly [option: string]: unknown }) {
  const values = optionsOf(redirect, options)
  return { id: 'redirect.0', path: values.path, stage: redirect.create(values, new RecordingInputContext()) }
}

/** As it is sent: `fetch` would put the path right. */
function answerOf(port: number, path: string): Promise<{ status: number | undefined; location: string | null }> {
  return new Promise((resolve, reject) => {
    get({ port, path, host: '127.0.0.1' }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, location: response.headers.location ?? null })
    }).on('error', reject)
  })
}
