import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { AgentError } from './errors.js'

const longestMs = 10_000

/**
 * What a program answers to its first message with its own first one. It runs in a process of its own which may read files and start
 * nothing, as far as Node's permission model sees to it: network it takes away from Node 25 on. Throws an AgentError `PROGRAM_ENDED`
 * where it ends without an answer, with what Node prints of that: the place of a mistake of syntax is told in no other way.
 */
export async function askProgram(program: URL, question: object): Promise<unknown> {
  const { fork } = await import('node:child_process')
  const child = fork(fileURLToPath(program), [], {
    execArgv: [...permissions()],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    timeout: longestMs,
  })
  child.send(question)
  return answerOf(child)
}

/** An error comes of what a process may not do that only reads. */
export function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_ACCESS_DENIED' || code === 'ERR_DLOPEN_DISABLED'
}

/** Of Node's permission model, under either of its names. */
function permissions(): readonly string[] {
  const names = ['--permission', '--experimental-permission']
  const flag = names.find((name) => process.allowedNodeEnvironmentFlags.has(name))
  return flag === undefined ? [] : [flag, '--allow-fs-read=*', '--no-warnings']
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(0, 65_536)))
    child.on('message', resolve)
    child.on('error', reject)
    child.on('close', (_, signal) => reject(new AgentError('PROGRAM_ENDED', endOf(printed, signal))))
  })
}

/** Node prints the place in a line of its own, the kind and the message further down. */
function endOf(printed: string, signal: NodeJS.Signals | null): string {
  const [, place] = /^(file:\S+:\d+)$/m.exec(printed) ?? []
  const [, message] = /^\w*Error(?: \[\w+\])?: (.*)$/m.exec(printed) ?? []
  const why = message ?? (signal ? `it takes longer than ${longestMs / 1000}s` : 'it ended the process')
  return place === undefined ? why : `${why} at ${pathOf(place)}`
}

function pathOf(place: string): string {
  const line = place.slice(place.lastIndexOf(':'))
  return `${fileURLToPath(place.slice(0, -line.length)).replace(/\?.*$/, '')}${line}`
}
