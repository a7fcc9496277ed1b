import { chownSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'
import { run } from './program.js'

/** Redis on a free port, until the test ends. */
export async function startRedis(t: TestContext): Promise<number> {
  const start = starter(t)
  const port = await freePort()
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folderOf(t, {})]
  await start(peer('redis-server').path, words, port)
  return port
}

/** MariaDB with a database `test` and a user `panel` that has no password, on a free port, until the test ends. */
export async function startMariadb(t: TestContext): Promise<number> {
  const start = starter(t)
  const port = await freePort()
  const statements = [
    'CREATE DATABASE IF NOT EXISTS test;',
    "CREATE USER 'panel'@'127.0.0.1';",
    "GRANT ALL ON test.* TO 'panel'@'127.0.0.1';",
  ]
  const folder = folderOf(t, { 'start.sql': statements.join('\n') })
  const place = ['--no-defaults', `--datadir=${folder}/data`, `--user=${userInfo().username}`]
  await run(peer('mariadb-install-db').path, [...place, '--skip-test-db', '--auth-root-authentication-method=normal'])
  const listen = [
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--socket=${folder}/s`,
    `--init-file=${folder}/start.sql`,
  ]
  await start(peer('mariadbd').path, [...place, ...listen], port)
  return port
}

/** PostgreSQL with a user `panel` that needs no password, on a free port, until the test ends. It does not run as root. */
export async function startPostgres(t: TestContext): Promise<number> {
  const start = starter(t)
  const port = await freePort()
  const folder = folderOf(t, {})
  const programs = dirname(peer('initdb').path)
  const [setpriv, ...as] = asOther(folder)
  await run(setpriv, [...as, `${programs}/initdb`, '-D', `${folder}/data`, '-U', 'panel', '-A', 'trust', '--no-sync'])
  const words = ['-D', `${folder}/data`, '-p', String(port), '-h', '127.0.0.1', '-k', folder]
  await start(setpriv, [...as, `${programs}/postgres`, ...words], port)
  return port
}

/** The command in front of another that makes root the user of Debian's package; that user gets the folder. */
function asOther(folder: string): [string, ...string[]] {
  if (process.getuid?.() !== 0) return ['env']
  const [uid = '', gid = ''] = /^postgres:[^:]*:(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8'))?.slice(1) ?? []
  chownSync(folder, Number(uid), Number(gid))
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
}

/** Its programs are ended before their folders go. */
function starter(t: TestContext): (command: string, words: readonly string[], port: number) => Promise<void> {
  const servers: TestProcess[] = []
  t.after(() => Promise.all(servers.map((server) => server.stop('SIGKILL'))))
  return async (command, words, port) => void servers.push(await startProcess(command, words, { ready: port }))
}
