import { readFileSync } from 'node:fs'
import { AgentError } from '../../base/agent-error.js'
import { type DecodeCounts, emptyCounts } from '../decode/counts.js'
import { compileDecoders, type DecodeOptions, type SignalDecoders } from '../decode/decoders.js'
import type { Dbc } from '../dbc/dbc.js'
import { parseDbc } from '../dbc/parse-dbc.js'
import { compileWildcard } from './frame-pattern.js'
import { recordFields } from './record-fields.js'

/** Paths of DBC files: of all buses, or by the names of buses, in which `*` and `?` may stand. */
export type DbcPaths = string | readonly string[] | { readonly [bus: string]: string | readonly string[] }

interface BusFile {
  readonly dbc: Dbc
  readonly isOf: (bus: string) => boolean
}

/** More than any machine has; records that came by a network must not fill the memory with names of buses. */
const mostBuses = 64

/** The decoders of each bus: it has its own, since they remember the frame before. */
export class BusDecoders {
  /** What the decoders of all buses met together. */
  readonly counts: DecodeCounts = emptyCounts()
  readonly #files: readonly BusFile[]
  readonly #options: DecodeOptions
  readonly #ofBuses = new Map<string, SignalDecoders | undefined>()

  /** Reads the files. Throws `CAN_DBC_FILE` for one that cannot be read, `CAN_QUALITY` for a rule that fits none of them. */
  constructor(paths: DbcPaths, options: DecodeOptions) {
    this.#files = filesOf(paths)
    this.#options = { reserved: recordFields, ...options }
    if (options.quality?.length) compileDecoders(this.files, options)
  }

  /** What was read of each file. */
  get files(): readonly Dbc[] {
    return this.#files.map(({ dbc }) => dbc)
  }

  /** Undefined for a bus without files. */
  of(bus: string): SignalDecoders | undefined {
    const name = this.#ofBuses.size < mostBuses || this.#ofBuses.has(bus) ? bus : ''
    if (!this.#ofBuses.has(name)) this.#ofBuses.set(name, this.#compile(bus))
    return this.#ofBuses.get(name)
  }

  #compile(bus: string): SignalDecoders | undefined {
    const dbcs = this.#files.filter(({ isOf }) => isOf(bus)).map(({ dbc }) => dbc)
    if (dbcs.length === 0) return undefined
    const names = new Set(dbcs.flatMap(({ messages }) => messages.map(({ name }) => name)))
    const quality = this.#options.quality?.filter(({ message }) => names.has(message)) ?? []
    return compileDecoders(dbcs, { ...this.#options, quality }, this.counts)
  }
}

function filesOf(paths: DbcPaths): readonly BusFile[] {
  if (typeof paths === 'string' || isList(paths)) return filesOf({ '*': paths })
  const read = new Map<string, Dbc>()
  return Object.entries(paths).flatMap(([bus, ofBus]) => {
    const isOf = compileWildcard(bus)
    return [ofBus].flat().map((path) => {
      const dbc = read.get(path) ?? readDbc(path)
      read.set(path, dbc)
      return { dbc, isOf }
    })
  })
}

function isList(paths: DbcPaths): paths is readonly string[] {
  return Array.isArray(paths)
}

function readDbc(path: string): Dbc {
  try {
    return parseDbc(readFileSync(path), path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AgentError('CAN_DBC_FILE', `dbc: ${reason}`, { cause: error })
  }
}
