import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { accepts, freePort } from './ports.js'
import { startProcess } from './process.js'

/** What HAProxy does with what comes to one port of its own. */
export interface Frontend {
  readonly mode: 'tcp' | 'http'
  /** Behind `bind 127.0.0.1:PORT`. */
  readonly bind?: string
  /** Behind `server NAME 127.0.0.1:PORT`. */
  readonly server: string
  readonly to: number
  /** Lines of its own. */
  readonly lines?: readonly string[]
}

/** A real HAProxy until the test ends; gives the ports of its frontends. */
export async function startHaproxy(t: TestContext, frontends: readonly Frontend[]): Promise<readonly number[]> {
  const ports: number[] = []
  for (const _ of frontends) ports.push(await freePort())
  const file = join(folderOf(t, {}), 'haproxy.cfg')
  writeFileSync(file, configuration(frontends, ports))
  const running = await startProcess(peer('haproxy').path, ['-db', '-f', file], { ready: ports[0] ?? 0 })
  t.after(() => running.stop('SIGTERM'))
  for (const port of ports) while (!(await accepts(port))) await new Promise((resolve) => setImmediate(resolve))
  return ports
}

function configuration(frontends: readonly Frontend[], ports: readonly number[]): string {
  const sections = frontends.map(({ mode, bind = '', server, to, lines = [] }, at) =>
    [
      `listen l${at}`,
      `mode ${mode}`,
      `bind 127.0.0.1:${ports[at]} ${bind}`,
      ...lines,
      `server s 127.0.0.1:${to} ${server}`,
    ].join('\n  '),
  )
  const times = ['connect', 'client', 'server'].map((what) => `  timeout ${what} 10s`)
  return ['defaults', ...times, ...sections, ''].join('\n')
}
