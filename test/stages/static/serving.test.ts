import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { greeting, placedStage } from '../../support/stages.js'
import { peer } from '../../support/peers.js'
import { rawAnswer } from '../../support/raw-http.js'
import staticStage from '../../../stages/static/index.js'
import { serveFiles } from '../../support/static-server.js'

const run = promisify(execFile)
const { path: program, skip } = peer('curl')
const curl = async (...args: readonly string[]): Promise<string> => (await run(program, ['-sS', ...args])).stdout
const page = '<h1>hello</h1>\n'

describe('the static stage', () => {
  test('serves a file with its type, size and validators, and gives HEAD the same head', async (t) => {
    const { url } = await serveFiles(t, { files: { 'www/index.html': page, 'www/empty.css': '' } })
    const answer = await fetch(url)
    assert.equal(await answer.text(), page)
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(answer.headers.get('vary'), 'Accept-Encoding')
    const head = await fetch(url, { method: 'HEAD' })
    const told = ({ headers }: Response): unknown =>
      [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))
    assert.deepEqual([told(head), await head.text()], [told(answer), ''])
    const empty = await fetch(`${url}/empty.css`)
    assert.deepEqual([empty.status, empty.headers.get('content-length'), await empty.text()], [200, '0', ''])
  })

  test('tells a browser that what it has is still good, until the file changes', async (t) => {
    const { url, root } = await serveFiles(t, { files: { 'www/a.js': 'one' }, options: { cache_control: 'no-cache' } })
    const first = await fetch(`${url}/a.js`)
    const etag = first.headers.get('etag') ?? ''
    const again = await fetch(`${url}/a.js`, { headers: { 'if-none-match': etag } })
    assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', etag])
    assert.equal(again.headers.get('cache-control'), 'no-cache')
    const dated = { 'if-modified-since': first.headers.get('last-modified') ?? '' }
    assert.equal((await fetch(`${url}/a.js`, { headers: dated })).status, 304)
    writeFileSync(join(root, 'a.js'), 'two')
    const changed = await fetch(`${url}/a.js`, { headers: { 'if-none-match': etag } })
    assert.deepEqual([changed.status, await changed.text()], [200, 'two'])
    assert.equal((await fetch(`${url}/a.js`, { headers: { 'if-match': etag } })).status, 412)
  })

  test('curl goes on with a download where it broke off', { skip }, async (t) => {
    const whole = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))
    const { url, root } = await serveFiles(t, { files: { 'www/x': '', 'copy.bin': '' } })
    writeFileSync(join(root, 'big.bin'), whole)
    const copy = join(root, '../copy.bin')
    writeFileSync(copy, whole.subarray(0, 100_000))
    await curl('-C', '-', '-o', copy, `${url}/big.bin`)
    assert.ok(readFileSync(copy).equals(whole))
  })

  test('gives the part of a file that is asked for, or says that there is none', async (t) => {
    const { url } = await serveFiles(t, { files: { 'www/a.txt': '0123456789' } })
    const part = async (range: string, headers = {}): Promise<unknown> => {
      const answer = await fetch(`${url}/a.txt`, { headers: { range, ...headers } })
      return [answer.status, answer.headers.get('content-range'), answer.status === 416 ? '' : await answer.text()]
    }
    assert.deepEqual(await part('bytes=2-4'), [206, 'bytes 2-4/10', '234'])
    assert.deepEqual(await part('bytes=-2'), [206, 'bytes 8-9/10', '89'])
    assert.deepEqual(await part('bytes=10-'), [416, 'bytes */10', ''])
    assert.deepEqual(await part('bytes=0-1,4-5'), [200, null, '0123456789'])
    assert.deepEqual(await part('bytes=0-1', { 'if-range': '"other"' }), [200, null, '0123456789'])
  })

  test('sends what lies compressed beside a file to who takes it', { skip }, async (t) => {
    const { url, root } = await serveFiles(t, { files: { 'www/a.js': page.repeat(50), 'www/only.js.gz': 'x' } })
    writeFileSync(join(root, 'a.js.gz'), gzipSync(page.repeat(50)))
    writeFileSync(join(root, 'a.js.br'), brotliCompressSync(page.repeat(50)))
    const etags = new Set<string>()
    for (const [accept, encoding] of [
      ['gzip', 'gzip'],
      ['br, gzip', 'br'],
      ['identity', ''],
    ] as const) {
      const headers = await curl('-D', '-', '-o', '/dev/null', '-H', `Accept-Encoding: ${accept}`, `${url}/a.js`)
      assert.equal(/^content-encoding: (.*?)\r$/m.exec(headers)?.[1] ?? '', encoding)
      assert.match(headers, /^content-type: text\/javascript/m)
      assert.match(headers, /^vary: Accept-Encoding/im)
      etags.add(/^etag: (.*)$/m.exec(headers)?.[1] ?? '')
    }
    assert.equal(etags.size, 3)
    assert.equal(await curl('--compressed', `${url}/a.js`), page.repeat(50))
    assert.equal((await fetch(`${url}/only.js`)).status, 404)
  })

  test('a folder is its index, and is asked for with a slash', async (t) => {
    const { url, port } = await serveFiles(t, {
      files: { 'www/sub/index.html': page, 'www/a.txt': 'a', 'www/bare/x': '' },
    })
    const found = await fetch(`${url}/sub?x=1`, { redirect: 'manual' })
    assert.deepEqual([found.status, found.headers.get('location')], [301, '/sub/?x=1'])
    assert.equal(await (await fetch(`${url}/sub`)).text(), page)
    assert.match(await rawAnswer(port, '/a.txt/'), /^HTTP\/1.1 404 /)
    assert.match(await rawAnswer(port, '/bare/'), /^HTTP\/1.1 404 /)
    assert.match(await rawAnswer(port, '//sub'), /^HTTP\/1.1 400 /)
  })

  test('a listing shows names and does nothing, whatever they are', async (t) => {
    const files = { 'www/<b>&.txt': '', "www/javascript:x'": '', 'www/sub/x': '', 'www/a b.txt': 'found' }
    const { url, root } = await serveFiles(t, { files, options: { listing: 'on' } })
    // Nobody could ask for these.
    for (const name of [Buffer.from('back\\slash'), Buffer.from([0x66, 0xff])])
      writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), '')
    const answer = await fetch(url)
    const html = await answer.text()
    assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'; .*frame-ancestors 'none'/)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.deepEqual(
      [...html.matchAll(/<a href="(.*?)">(.*?)<\/a>/g)].map(([, href, text]) => [href, text]),
      [
        ['./%3Cb%3E%26.txt', '&#60;b&#62;&#38;.txt'],
        ['./a%20b.txt', 'a b.txt'],
        ['./javascript%3Ax%27', 'javascript:x&#39;'],
        ['./sub/', 'sub/'],
      ],
    )
    assert.equal(await (await fetch(new URL('./a%20b.txt', `${url}/`))).text(), 'found')
  })

  test('files have the headers that are wanted, and a browser goes by their type; so it does where there is none', async (t) => {
    const headers = { 'Content-Security-Policy': "default-src 'self'", 'X-Frame-Options': 'DENY' }
    const { url } = await serveFiles(t, { files: { 'www/a.html': page }, options: { headers } })
    const answer = await fetch(`${url}/a.html`)
    assert.equal(answer.headers.get('content-security-policy'), "default-src 'self'")
    assert.equal(answer.headers.get('x-frame-options'), 'DENY')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
    const missing = await fetch(`${url}/none`)
    assert.deepEqual([missing.status, missing.headers.get('x-content-type-options')], [404, 'nosniff'])
    assert.equal(missing.headers.get('x-frame-options'), null)
  })

  test('a header that cannot be, or that is not for the configuration to say, is refused', () => {
    for (const [name, value] of [
      ['a b', 'x'],
      ['x-a', 'x\r\nset-cookie: y'],
      ['Content-Length', '1'],
      ['ETag', '"x"'],
    ] as const)
      assert.throws(() => placedStage(staticStage, { root: '.', headers: { [name]: value } }), {
        code: 'STATIC_HEADER',
        message: new RegExp(`^headers: .*"${name}"`),
      })
  })

  test('what is not there is a 404, or left to the stages behind', async (t) => {
    const files = { 'www/a.txt': 'a' }
    const { url } = await serveFiles(t, { files, behind: [greeting] })
    assert.equal((await fetch(`${url}/b.txt`)).status, 404)
    const posted = await fetch(`${url}/a.txt`, { method: 'POST', body: 'x' })
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD'])
    const open = await serveFiles(t, { files, behind: [greeting], options: { fallthrough: 'on' } })
    assert.equal(await (await fetch(`${open.url}/b.txt`)).text(), 'hello')
    assert.equal(await (await fetch(`${open.url}/a.txt`, { method: 'POST' })).text(), 'hello')
    assert.equal(await (await fetch(`${open.url}/a.txt`)).text(), 'a')
  })

  test('an application of one page gets it for every page, and a script that is missing is missing', async (t) => {
    const { url } = await serveFiles(t, { files: { 'www/index.html': page }, options: { fallback: 'index.html' } })
    const answer = await fetch(`${url}/machines/7`, { headers: { accept: 'text/html,*/*' } })
    assert.deepEqual([answer.status, await answer.text()], [200, page])
    assert.equal((await fetch(`${url}/app.js`, { headers: { accept: '*/*' } })).status, 404)
  })

  test('a client that takes nothing is given up, and one that takes it slowly gets all', async (t) => {
    const clock = new FakeClock()
    const context = new RecordingInputContext(clock)
    const { port, root } = await serveFiles(t, { files: { 'www/x': '' }, options: { send_timeout: '5s' }, context })
    writeFileSync(join(root, 'big'), Buffer.alloc(50_000_000))
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET /big HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'readable')
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(4999)
    assert.equal(clock.waiting, 1)
    await clock.advance(1)
    assert.equal(clock.waiting, 0)
    let bytes = 0
    socket.on('data', (part: Buffer) => (bytes += part.length)).resume()
    await once(socket, 'close')
    assert.ok(bytes < 50_000_000)
    assert.equal((await (await fetch(`http://127.0.0.1:${port}/big`)).arrayBuffer()).byteLength, 50_000_000)
  })

  test('a file that grows while it is sent is sent as long as it was, and one that shrinks breaks the answer off', async (t) => {
    const { url, root, port } = await serveFiles(t, { files: { 'www/x': '' } })
    const log = join(root, 'big.log')
    writeFileSync(log, Buffer.alloc(20_000_000, 'a'))
    const growing = await fetch(`${url}/big.log`)
    appendFileSync(log, 'b'.repeat(1000))
    assert.equal((await growing.arrayBuffer()).byteLength, 20_000_000)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /big.log HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'readable')
    truncateSync(log, 1000)
    let bytes = 0
    socket.on('data', (part: Buffer) => (bytes += part.length)).on('error', () => undefined)
    await once(socket, 'close')
    assert.ok(bytes < 20_000_000, 'or the client would wait for the rest for ever')
  })

  test('a root that is not there is told, and served as soon as it is', async (t) => {
    const context = new RecordingInputContext()
    const { url, root } = await serveFiles(t, { files: { 'later/a.txt': 'a' }, context })
    assert.equal((await context.log.line('root is not there')).level, 'warn')
    assert.equal((await fetch(`${url}/a.txt`)).status, 404)
    renameSync(join(root, '../later'), root)
    assert.equal(await (await fetch(`${url}/a.txt`)).text(), 'a')
  })
})
