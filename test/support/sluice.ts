import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { agentProgram } from './agent.js'
import { type ProcessOptions, TestProcess } from './process.js'
import { root } from './source-tree.js'

/** The built program with these arguments, in the project's folder; gone when the test ends. */
export function sluice(t: TestContext, args: readonly string[], options: ProcessOptions = {}): TestProcess {
  const { NO_COLOR: _, ...env } = process.env
  const started = new TestProcess(process.execPath, [agentProgram, ...args], { cwd: root, env, ...options })
  t.after(() => started.stop('SIGKILL'))
  return started
}

/** The program that was run to its end, with its exit code. */
export async function ranSluice(
  t: TestContext,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const started = sluice(t, args, options)
  started.stdin?.end()
  const code = await started.exited
  return { code, stdout: started.stdout, stderr: started.stderr }
}

export interface SummaryRow {
  readonly accepted: number
  readonly delivered: number
  readonly dropped: number
  readonly left: number
  /** What follows the figures, such as why events were dropped. */
  readonly notes: string
}

/** The table that the agent ends with, by the ids of its instances. */
export function summaryOf(stderr: string): ReadonlyMap<string, SummaryRow> {
  const [, table = ''] = stderr.split('\taccepted\tdelivered\tdropped\tleft\n')
  const rows = linesOf(table).map((line) => line.split('\t'))
  assert.ok(rows.length > 0, `there is no summary in:\n${stderr}`)
  const figures = rows.map(([id = '', accepted, delivered, dropped, left, notes = '']) => {
    const row = {
      accepted: Number(accepted),
      delivered: Number(delivered),
      dropped: Number(dropped),
      left: Number(left),
    }
    return [id, { ...row, notes }] as const
  })
  return new Map(figures)
}

/** The figures of one instance. */
export function rowOf(stderr: string, id: string): SummaryRow {
  return summaryOf(stderr).get(id) ?? assert.fail(`the summary has no ${id}:\n${stderr}`)
}

/** The lines of a text, each of which has its newline. */
export function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1)
}
