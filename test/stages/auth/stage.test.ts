import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'

import { hashPassword } from '../../../src/base/password-hash.js'
import type { Connection, Stage } from '../../../src/http/index.js'
import auth from '../../../stages/auth/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { peer } from '../../support/peers.js'
import { placedStage } from '../../support/stages.js'

const run = promisify(execFile)
const { path: program, skip } = peer('curl')
const cheap = { logN: 4, r: 8, p: 1 }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Tells whom it serves. */
const naming: Stage = { handle: (exchange) => exchange.reply(200, exchange.user ?? 'somebody') }

interface Guarded extends RunningServer {
  readonly folder: string
  readonly clock: FakeClock
}

/** Files are those that options name as `$FOLDER/NAME`. */
async function guarded(
  t: TestContext,
  options: { readonly [name: string]: unknown },
  files: { readonly [name: string]: string } = {},
  before: readonly Stage[] = [],
): Promise<Guarded> {
  const folder = folderOf(t, files)
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const inFolder = (value: unknown): unknown => (typeof value === 'string' ? value.replace('$FOLDER', folder) : value)
  const raw = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, inFolder(value)]))
  const server = await startServer(t, { stages: [...before, placedStage(auth, raw, context), naming], context })
  return { ...server, folder, clock }
}

const answerOf = async (url: string, headers = {}): Promise<unknown> => {
  const answer = await fetch(url, { headers })
  return answer.status === 200 ? answer.text() : answer.status
}

const users = { users_file: '$FOLDER/users' }
const line = async (name: string, password: string): Promise<string> =>
  `${name}:${await hashPassword(password, cheap)}\n`

describe('the auth stage', () => {
  test('curl gets in with the password of a user, and with no other', { skip }, async (t) => {
    const { url } = await guarded(t, users, { users: `# people\n\n${await line('ann', 'pass:wörd')}` })
    const curl = async (user: string): Promise<string> =>
      (await run(program, ['-sS', '-w', ' %{http_code}', '-o', '-', '-u', user, url])).stdout
    assert.equal(await curl('ann:pass:wörd'), 'ann 200')
    for (const user of ['ann:pass', 'ann:', 'bob:pass:wörd', ':', 'Ann:pass:wörd'])
      assert.match(await curl(user), / 401$/, user)
  })

  test('who shows nothing is told all that may be shown', async (t) => {
    const { url, context } = await guarded(t, { ...users, token: 'abc', realm: 'car 7' }, { users: '' })
    const answer = await fetch(url)
    assert.equal(answer.status, 401)
    const challenges = 'Bearer realm="car 7", Basic realm="car 7", charset="UTF-8"'
    assert.equal(answer.headers.get('www-authenticate'), challenges)
    assert.equal(context.counted['refused_unauthorized'], 1)
    assert.equal(context.counted['wrong_credentials'], undefined)
  })

  test('a header that cannot be read is nothing that was shown', async (t) => {
    const { url } = await guarded(t, { ...users, token: 'abc' }, { users: await line('ann', 'x') })
    for (const authorization of [
      'Basic',
      'Basic ',
      'Basic !!!',
      'Basic YW5u',
      'Digest abc',
      'Bearer',
      'abc',
      'Bearerabc',
    ])
      assert.equal(await answerOf(url, { authorization }), 401, authorization)
  })

  test('a token gets in by Bearer and by the header that was chosen, under the name of its line', async (t) => {
    const tokens = `tool:${sha256('s3cret')}\nother:${sha256('0ther').toUpperCase()}:read , write\n`
    const { url } = await guarded(
      t,
      { tokens_file: '$FOLDER/tokens', token: 'abc', api_key_header: 'X-API-Key' },
      { tokens },
    )
    assert.equal(await answerOf(url, bearer('s3cret')), 'tool')
    assert.equal(await answerOf(url, { authorization: 'bEARER 0ther' }), 'other')
    assert.equal(await answerOf(url, { 'x-api-key': 's3cret' }), 'tool')
    assert.equal(await answerOf(url, bearer('abc')), 'token')
    for (const wrong of ['S3cret', sha256('s3cret'), '', 'tool'])
      assert.equal(await answerOf(url, bearer(wrong)), 401, wrong)
    assert.equal(await answerOf(url, basic('tool', 's3cret')), 401)
  })

  test('who is known and not meant gets a 403', async (t) => {
    const tokens = `all:${sha256('a')}\nreader:${sha256('b')}:read\nwriter:${sha256('c')}:write\nnothing:${sha256('d')}:\n`
    const scoped = await guarded(t, { tokens_file: '$FOLDER/tokens', scope: 'read' }, { tokens })
    const answers = async (url: string): Promise<unknown[]> =>
      Promise.all(['a', 'b', 'c', 'd'].map((token) => answerOf(url, bearer(token))))
    assert.deepEqual(await answers(scoped.url), ['all', 'reader', 403, 403])
    const named = await guarded(t, { tokens_file: '$FOLDER/tokens', allow_users: ['writer'] }, { tokens })
    assert.deepEqual(await answers(named.url), [403, 403, 'writer', 403])
    assert.equal(named.context.counted['refused_forbidden'], 3)
  })

  test('the name in a certificate is enough, and without one there is nothing to ask for', async (t) => {
    const certified: Stage = {
      onRequest({ connection, request }) {
        const names = String(request.headers['x-names'] ?? '').split(' ')
        ;(connection as { certificateNames: Connection['certificateNames'] }).certificateNames = names
        return false
      },
    }
    const options = { certificates: ['gateway-7', '*.cars.example', 'spiffe://a/b'] }
    const { url } = await guarded(t, options, {}, [certified])
    for (const name of ['gateway-7', 'x.cars.example', 'spiffe://a/b'])
      assert.equal(await answerOf(url, { 'x-names': `unknown ${name}` }), name)
    for (const name of ['', 'gateway-70', 'cars.example', 'x.cars.example.evil'])
      assert.equal(await answerOf(url, { 'x-names': name }), 403, name)
    assert.equal((await fetch(url)).headers.get('www-authenticate'), null)
    const both = await guarded(t, { ...options, token: 'abc' }, {}, [certified])
    assert.equal(await answerOf(both.url, bearer('abc')), 'token')
    assert.equal(await answerOf(both.url, { 'x-names': 'gateway-7' }), 'gateway-7')
  })

  test('paths that are exempt need nothing, as they are written', async (t) => {
    const { url } = await guarded(t, { token: 'abc', exempt: ['/healthz', '/public/'] })
    for (const path of ['/healthz', '/healthz/live', '/public/a'])
      assert.equal(await answerOf(url + path), 'somebody', path)
    for (const path of ['/', '/healthzz', '/%68ealthz', '/publicity'])
      assert.equal(await answerOf(url + path), 401, path)
  })

  test('a file that changes counts soon, and one that is broken leaves things as they were', async (t) => {
    const server = await guarded(t, { ...users, refresh: '5s' }, { users: await line('ann', 'x') })
    const { url, context, clock, folder } = server
    assert.equal(await answerOf(url, basic('ann', 'x')), 'ann')
    writeFileSync(join(folder, 'users'), `${await line('bob', 'y')}${await line('ann', 'z')}`)
    await clock.advance(5000)
    assert.equal(await answerOf(url, basic('bob', 'y')), 'bob')
    assert.equal(await answerOf(url, basic('ann', 'x')), 401, 'a password that was remembered for an old line')
    writeFileSync(join(folder, 'users'), 'ann:top-secret\n')
    await clock.advance(5000)
    assert.equal(await answerOf(url, basic('bob', 'y')), 'bob')
    const told = await context.log.line('file cannot be read; what it said last holds')
    assert.match(String(told.fields?.['reason']), /^line 1: expected a hash/)
    assert.doesNotMatch(JSON.stringify(context.log.lines), /top-secret/)
  })

  test('nobody gets in while there is no file yet', async (t) => {
    const { url, clock, folder, context } = await guarded(t, users)
    await context.log.line('file cannot be read; what it said last holds')
    assert.equal(await answerOf(url, basic('ann', 'x')), 401)
    writeFileSync(join(folder, 'users'), await line('ann', 'x'))
    await clock.advance(5000)
    assert.equal(await answerOf(url, basic('ann', 'x')), 'ann')
  })

  test('who guesses has to wait, while who is known already does not', async (t) => {
    const files = { users: await line('ann', 'right') }
    const { url, clock, context } = await guarded(t, { ...users, token: 'abc', max_failures: 3 }, files)
    assert.equal(await answerOf(url, basic('ann', 'right')), 'ann')
    for (const guess of ['1', '2']) assert.equal(await answerOf(url, basic('ann', guess)), 401)
    assert.equal(await answerOf(url, bearer('guess')), 401)
    const refused = await fetch(url, { headers: basic('ann', '4') })
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '20'])
    assert.equal(await answerOf(url, bearer('guess')), 429)
    assert.equal(await answerOf(url, basic('ann', 'right')), 'ann')
    assert.equal(await answerOf(url, bearer('abc')), 'token')
    await clock.advance(20_000)
    assert.equal(await answerOf(url, basic('ann', '5')), 401)
    assert.equal(await answerOf(url, basic('ann', '6')), 429)
    assert.deepEqual([context.counted['wrong_credentials'], context.counted['refused_too_many_failures']], [4, 3])
  })

  test('many requests with one new password are one check, and none of them a failure', async (t) => {
    const { url } = await guarded(t, { ...users, max_failures: 1 }, { users: await line('ann', 'x') })
    const answers = await Promise.all(Array.from({ length: 20 }, () => answerOf(url, basic('ann', 'x'))))
    assert.deepEqual(new Set(answers), new Set(['ann']))
  })

  test('the log has neither passwords nor tokens, and no names that may be passwords', async (t) => {
    const { url, context } = await guarded(t, { ...users, token: 'topsecret' }, { users: await line('ann', 'x') })
    await fetch(url, { headers: basic('mypassword', 'other-secret') })
    await fetch(url, { headers: bearer('third-secret') })
    const text = JSON.stringify(context.log.lines)
    assert.match(text, /wrong credentials/)
    assert.doesNotMatch(text, /secret|mypassword/)
  })

  test('a stage that would let nobody in is told', () => {
    assert.throws(() => placedStage(auth, {}), { code: 'AUTH_NO_WAY' })
  })
})
