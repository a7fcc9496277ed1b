import assert from 'node:assert/strict'
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join, relative } from 'node:path'
import { test, type TestContext } from 'node:test'

import cgi from '../../stages/cgi/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { folderOf } from '../support/folder.js'
import { RecordingInputContext } from '../support/input-context.js'
import { peer } from '../support/peers.js'
import { serveStage } from '../support/stage-server.js'

const phpCgi = peer('php-cgi')

test('a script is told of a request what RFC 3875 says, and nothing of the agent but its PATH', async (t) => {
  process.env['SLUICE_TEST_SECRET'] = 'of the agent'
  t.after(() => delete process.env['SLUICE_TEST_SECRET'])
  const root = scripts(t, { 'env.sh': 'echo "Content-Type: text/plain"\necho\nenv' })
  const { url, port } = await serveStage(t, cgi, { path: '/cgi', root, env: { MINE: 'yes' } })
  const headers = { 'x-some-thing': 'a', x_some_thing: 'forged', proxy: 'http://evil', 'content-type': 'text/x' }
  const init = {
    method: 'POST',
    body: 'body',
    headers: { ...headers, authorization: 'Basic secret', 'user-agent': 'u' },
  }
  const answer = await fetch(`${url}/cgi/env.sh/a%20b/c?d=e%20f`, init)
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/plain'])
  const lines = (await answer.text()).trim().split('\n')
  const variables = new Map(lines.map((line) => line.split(/=(.*)/s, 2) as [string, string]))
  for (const ofShell of ['PWD', 'OLDPWD', 'SHLVL', '_']) variables.delete(ofShell)
  const remotePort = variables.get('REMOTE_PORT') ?? ''
  assert.match(remotePort, /^\d+$/)
  for (const name of ['HTTP_ACCEPT', 'HTTP_ACCEPT_LANGUAGE', 'HTTP_ACCEPT_ENCODING', 'HTTP_SEC_FETCH_MODE'])
    assert.ok(variables.delete(name))
  assert.deepEqual(Object.fromEntries(variables), {
    CONTENT_LENGTH: '4',
    CONTENT_TYPE: 'text/x',
    GATEWAY_INTERFACE: 'CGI/1.1',
    HTTP_HOST: `127.0.0.1:${port}`,
    HTTP_USER_AGENT: 'u',
    HTTP_X_SOME_THING: 'a',
    MINE: 'yes',
    PATH: process.env['PATH'],
    PATH_INFO: '/a b/c',
    PATH_TRANSLATED: join(root, 'a b/c'),
    QUERY_STRING: 'd=e%20f',
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_PORT: remotePort,
    REQUEST_METHOD: 'POST',
    REQUEST_URI: '/cgi/env.sh/a%20b/c?d=e%20f',
    SCRIPT_FILENAME: join(root, 'env.sh'),
    SCRIPT_NAME: '/cgi/env.sh',
    SERVER_NAME: '127.0.0.1',
    SERVER_PORT: String(port),
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_SOFTWARE: 'sluice',
  })
})

test('a root may be given as it is seen from where the agent runs', async (t) => {
  const root = scripts(t, { 'dir/where.sh': 'printf "A: b\\n\\n$SCRIPT_FILENAME"' })
  const { url } = await serveStage(t, cgi, { root: relative('.', root) })
  const answer = await fetch(`${url}/dir/where.sh`)
  assert.deepEqual([answer.status, await answer.text()], [200, join(root, 'dir/where.sh')])
})

test('php-cgi runs the scripts of a folder', { skip: phpCgi.skip }, async (t) => {
  const php = `<?php http_response_code(201); header('X-A: b');
    echo $_SERVER['PATH_INFO'], ' ', $_GET['q'], ' ', file_get_contents('php://input');`
  const root = folderOf(t, { 'a.php': php })
  const { url } = await serveStage(t, cgi, { root, command: [phpCgi.path], env: { REDIRECT_STATUS: '200' } })
  const answer = await fetch(`${url}/a.php/more?q=1`, { method: 'POST', body: 'x'.repeat(300_000) })
  assert.deepEqual([answer.status, answer.headers.get('x-a')], [201, 'b'])
  assert.equal(await answer.text(), `/more 1 ${'x'.repeat(300_000)}`)
})

test('a body and an answer of any size go through, and none waits for the other', async (t) => {
  const { url } = await serveStage(t, cgi, { command: ['sh', '-c', 'printf "A: b\\n\\n"; cat'] })
  const body = 'x'.repeat(3_000_000)
  assert.equal(await (await fetch(url, { method: 'POST', body })).text(), body)
  const ignoring = await serveStage(t, cgi, { command: ['printf', String.raw`Status: 404 No\n\nnothing`] })
  const answer = await fetch(ignoring.url, { method: 'POST', body })
  assert.deepEqual([answer.status, await answer.text()], [404, 'nothing'])
})

test('a path leads to no file outside the folder, to no hidden one, and to none that may not be run', async (t) => {
  const root = scripts(t, {
    ok: 'printf "A: b\\n\\nok"',
    '.hidden': 'printf "A: b\\n\\nhidden"',
    'dir/in': 'printf "A: b\\n\\nin"',
  })
  const outside = scripts(t, { evil: 'printf "A: b\\n\\nevil"' })
  symlinkSync(join(outside, 'evil'), join(root, 'link'))
  symlinkSync(outside, join(root, 'dirlink'))
  symlinkSync(join(root, 'ok'), join(root, 'alias'))
  writeFileSync(join(root, 'plain'), 'printf "A: b\\n\\nplain"')
  const { url } = await serveStage(t, cgi, { root })
  for (const path of ['ok', 'dir/in', 'alias', 'ok/..hidden'])
    assert.equal((await fetch(`${url}/${path}`)).status, 200, path)
  for (const path of [
    'link',
    'dirlink/evil',
    '.hidden',
    'plain',
    'none',
    '',
    'dir',
    'dir%2Fin',
    '%2e%2e%2fx',
    'ok%00',
    'ok/..%2f..%2fx',
    'ok/%ff',
  ])
    assert.ok([400, 404].includes((await fetch(`${url}/${path}`)).status), path)
})

test('redirects, and scripts whose answer is none', async (t) => {
  const rows = [
    ['Location: /elsewhere\\n\\n', 302],
    ['Location: http://a/\\r\\nStatus: 301 Moved\\r\\n\\r\\n', 301],
    ['Connection: close\\nTransfer-Encoding: chunked\\nContent-Length: 9\\nA: b\\n\\nx', 200],
    ['', 502],
    ['no header\\n\\n', 502],
    ['A: b\\n', 502],
    ['Status: 99 what\\n\\n', 502],
    ['A: \\001\\n\\n', 502],
  ] as const
  for (const [output, status] of rows) {
    const { url } = await serveStage(t, cgi, { command: ['printf', output] })
    const answer = await fetch(url, { redirect: 'manual' })
    assert.equal(answer.status, status, output)
    if (status === 200) assert.equal(await answer.text(), 'x')
  }
  const { url } = await serveStage(t, cgi, { command: ['sh', '-c', 'yes "A: b"'] })
  assert.equal((await fetch(url)).status, 502)
})

test('what goes wrong in a script is logged, and a script that is not there is an error', async (t) => {
  const { url, context } = await serveStage(t, cgi, { command: ['sh', '-c', 'echo "A: b"; echo; echo no >&2; exit 3'] })
  assert.equal((await fetch(url)).status, 200)
  const { fields } = await context.log.line('script had something to say')
  assert.deepEqual([fields?.['code'], fields?.['text']], [3, 'no'])
  const absent = await serveStage(t, cgi, { command: ['/nowhere/at/all'] })
  assert.equal((await fetch(absent.url)).status, 500)
  assert.equal(absent.context.counted['failed_scripts'], 1)
})

test('a script that takes too long is ended with its children, and its answer is none', async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const { command, children } = sleepers(t, '')
  const { url } = await serveStage(t, cgi, { command, timeout: '5s' }, { context })
  const answer = fetch(url)
  const pids = await children()
  await (context.clock as FakeClock).advance(5000)
  assert.equal((await answer).status, 504)
  await gone(pids)
  const begun = sleepers(t, 'echo "A: b"; echo; echo half;')
  const cut = await serveStage(t, cgi, { command: begun.command, timeout: '5s' }, { context })
  const half = await fetch(cut.url)
  const itsPids = await begun.children()
  await (context.clock as FakeClock).advance(5000)
  await assert.rejects(half.text())
  await gone(itsPids)
})

test('a client that goes away ends its script, and so does a server that stops', async (t) => {
  const first = sleepers(t, '')
  const { url } = await serveStage(t, cgi, { command: first.command })
  const asked = request(url).end()
  asked.on('error', () => undefined)
  const pids = await first.children()
  asked.destroy()
  await gone(pids)
  const second = sleepers(t, '')
  const server = await serveStage(t, cgi, { command: second.command }, { limits: { drainMs: 1 } })
  request(server.url)
    .on('error', () => undefined)
    .end()
  const others = await second.children()
  await server.stop()
  await gone(others)
})

test('no more scripts run at once than may, and no more is written than may be', async (t) => {
  const { command, children } = sleepers(t, '')
  const { url } = await serveStage(t, cgi, { command, max_processes: 1 })
  const asked = request(url)
    .on('error', () => undefined)
    .end()
  await children()
  const refused = await fetch(url)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'])
  asked.destroy()
  const endless = await serveStage(t, cgi, {
    command: ['sh', '-c', 'printf "A: b\\n\\n"; yes'],
    max_output_size: '1MB',
  })
  const answer = await fetch(endless.url)
  await assert.rejects(answer.text())
  assert.equal(endless.context.counted['refused_bad_script'], 1)
})

test('a body that is too long or of no known length is refused before the script is done', async (t) => {
  const { url } = await serveStage(t, cgi, {
    command: ['sh', '-c', 'cat >/dev/null; printf "A: b\\n\\n"'],
    max_body_size: 10,
  })
  const send = async (body: unknown): Promise<number> =>
    (await fetch(url, { method: 'POST', body, duplex: 'half' } as never)).status
  assert.equal(await send('x'.repeat(10)), 200)
  assert.equal(await send('x'.repeat(11)), 413)
  assert.equal(await send(new Blob(['x']).stream()), 411)
})

function scripts(t: TestContext, files: { readonly [path: string]: string }): string {
  const texts = Object.entries(files).map(([path, text]) => [path, `#!/bin/sh\n${text}\n`])
  const root = folderOf(t, Object.fromEntries(texts) as { [path: string]: string })
  for (const path of Object.keys(files)) chmodSync(join(root, path), 0o755)
  return root
}

/** A script that waits with a child for what never comes, and the process ids of both. */
function sleepers(
  t: TestContext,
  first: string,
): { readonly command: string[]; readonly children: () => Promise<number[]> } {
  const file = join(folderOf(t, {}), 'pids')
  const text = `${first} sleep 1000 & echo "$$ $!" > ${file}.new; mv ${file}.new ${file}; wait`
  const children = async (): Promise<number[]> => {
    for (;;) {
      try {
        return readFileSync(file, 'utf8').trim().split(' ').map(Number)
      } catch {
        await new Promise(setImmediate)
      }
    }
  }
  return { command: ['sh', '-c', text], children }
}

async function gone(pids: readonly number[]): Promise<void> {
  assert.equal(pids.length, 2)
  while (pids.some(isAlive)) await new Promise(setImmediate)
}

/** A child that nobody has waited for yet is dead all the same. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
