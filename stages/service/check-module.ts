import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AgentError } from 'sluice/plugin'

import type { ServiceOptions } from './service-options.js'

const program = fileURLToPath(new URL('check-program.js', import.meta.url))
const longestMs = 10_000

/**
 * Loads the module of a service in a process of its own and looks at its parts, without starting it. Where Node can see to it, that
 * process reads files and does nothing else. Throws an AgentError `SERVICE_MODULE` that says what is wrong.
 */
export async function checkModule(options: ServiceOptions): Promise<void> {
  if (!existsSync(options.module)) return // told where the option is
  const child = fork(program, [], {
    execArgv: [...permissions()],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    timeout: longestMs,
  })
  child.send(options)
  const message = await answerOf(child, options.module)
  if (message !== undefined) throw new AgentError('SERVICE_MODULE', message)
}

/** Of Node's permission model; none where there is no such model. */
function permissions(): readonly string[] {
  const flag = ['--permission', '--experimental-permission'].find((each) =>
    process.allowedNodeEnvironmentFlags.has(each),
  )
  return flag === undefined ? [] : [flag, '--allow-fs-read=*', '--no-warnings']
}

function answerOf(child: ChildProcess, module: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let errors = ''
    let heard: { readonly message?: string } | undefined
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(0, 65_536)))
    child.on('message', (message) => (heard = message as typeof heard))
    child.on('error', reject)
    child.on('close', (_, signal) => resolve(heard ? heard.message : endOf(module, errors, signal)))
  })
}

/** What Node prints as a program fails: the place in its first line, the kind and the message further down. */
function endOf(module: string, errors: string, signal: NodeJS.Signals | null): string {
  const [, place] = /^(file:\S+:\d+)$/m.exec(errors) ?? []
  const [, message] = /^\w*Error(?: \[\w+\])?: (.*)$/m.exec(errors) ?? []
  const why = message ?? (signal ? `it takes longer than ${longestMs / 1000}s` : 'it ended the process')
  return `"${module}" cannot be loaded: ${why}${place === undefined ? '' : ` at ${pathOf(place)}`}`
}

function pathOf(place: string): string {
  const line = place.slice(place.lastIndexOf(':'))
  return `${fileURLToPath(place.slice(0, -line.length)).replace(/\?.*$/, '')}${line}`
}
