import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './source-tree.js'

/** Real DBC files, frames of theirs and what two other decoders make of them; beside the repository, where it is. */
const folder = join(root, '..', 'shared', 'can-oracle')

export const hasOracle = existsSync(folder)

/** What one frame is, by the oracle. */
export interface OracleRow {
  readonly id: number
  readonly ext: boolean
  readonly data: string
  readonly message: string
  readonly raw?: OracleValues
  readonly phys?: OracleValues
  readonly labels?: { readonly [signal: string]: string }
  /** The selector names no group. */
  readonly error?: string
}

type OracleValues = { readonly [signal: string]: number | { readonly int: string } | { readonly float: string } }

export interface OracleFile {
  readonly name: string
  readonly dbc: Uint8Array
  readonly rows: readonly OracleRow[]
}

export function oracleFiles(): readonly OracleFile[] {
  return readdirSync(join(folder, 'dbc')).map((name) => ({
    name,
    dbc: readFileSync(join(folder, 'dbc', name)),
    rows: readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as OracleRow),
  }))
}

/** A number of the oracle as a decoder has it. */
export function oracleNumber(value: OracleValues[string]): number | bigint {
  if (typeof value === 'number') return value
  if ('int' in value) return BigInt(value.int)
  return Number(value.float.replace('inf', 'Infinity').replace('nan', 'NaN'))
}
