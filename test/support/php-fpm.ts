import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { TestProcess } from './process.js'

export interface PhpFpm {
  /** Of its unix socket. */
  readonly socket: string
  readonly root: string
}

/** A real php-fpm for these scripts, on a unix socket, with one worker that goes after so many requests. */
export async function startPhpFpm(
  t: TestContext,
  scripts: { readonly [path: string]: string },
  requestsPerWorker = 0,
): Promise<PhpFpm> {
  const root = folderOf(t, scripts)
  const folder = folderOf(t, {})
  const socket = join(folder, 'fpm.sock')
  const config = join(folder, 'fpm.conf')
  const log = join(folder, 'fpm.log')
  const isRoot = process.getuid?.() === 0
  const lines = [
    '[global]',
    `error_log = ${log}`,
    'daemonize = no',
    '[www]',
    `listen = ${socket}`,
    ...(isRoot ? ['user = root', 'group = root'] : []),
    'pm = static',
    'pm.max_children = 1',
    `pm.max_requests = ${requestsPerWorker}`,
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  const args = ['--nodaemonize', '--fpm-config', config, '-n', ...(isRoot ? ['--allow-to-run-as-root'] : [])]
  const php = new TestProcess(peer('php-fpm').path, args)
  t.after(() => php.stop('SIGTERM'))
  const isReady = (): boolean => existsSync(log) && readFileSync(log, 'utf8').includes('ready to handle connections')
  await php.until(isReady, 'it is ready')
  return { socket, root }
}
