import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import type { Clock } from '../base/clock.js'
import { defaultLane } from '../config/check-lanes.js'
import type { CheckedInput, CheckedLane, CheckedPipeline, CheckedRoute, CheckedServer } from '../config/pipeline.js'
import { noDeadLetter } from '../flush/dead-letter.js'
import type { DeadLetterStore } from '../flush/dead-letter-store.js'
import { Flusher } from '../flush/flusher.js'
import { readBoot } from '../host/boot.js'
import { Appender, type AppenderSettings } from '../log/appender.js'
import type { Cursor } from '../log/cursor.js'
import { CursorGroup } from '../log/cursor-group.js'
import type { LogFiles } from '../log/disk/files.js'
import { Mount } from '../log/disk/mount.js'
import { type InputLedger, Ledger } from '../observe/ledger.js'
import type { Log } from '../observe/log.js'
import type { Filter, InputDefinition, Sharing } from '../plugin/define.js'
import type { StateStore } from '../plugin/context.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { type Route, Router } from '../route/router.js'
import { adminInstances, adminSettings } from './admin.js'
import { type ContextParts, filterContext, inputContext, loggerOf, outputContext } from './contexts.js'
import type { Formats } from './formats.js'
import { Intake } from './intake.js'
import { type Kept, nothingKept } from './kept.js'
import { Lanes } from './lanes.js'
import type { BuiltInput, Pipeline } from './pipeline.js'
import { placedStage, serverDefinition, serverInput } from './servers.js'
import {
  appenderSettings,
  cursorSettings,
  filterInput,
  flushSettings,
  retrySettings,
  startOldestOf,
} from './settings.js'
import { FileState } from './state-store.js'
import type { Storage } from './storage.js'
import type { WorkerSetup } from './workers/messages.js'

export interface BuildParts {
  readonly clock: Clock
  readonly log: Log
  readonly formats: Formats
  /** Where the log's files are; the machine's own unless given. */
  readonly files?: LogFiles
  /** From the pipelines before this one in the same process. */
  readonly kept?: Kept
}

type Instance = Pick<CheckedInput, 'id' | 'position'>

/** How a source of events is written to its lane. */
type Sourcing = Pick<InputDefinition, 'full' | 'fullWith' | 'ack'>
type SourceOptions = Parameters<typeof appenderSettings>[2]

type Source = Pick<BuiltInput, 'context' | 'state' | 'log'>

/** An instance whose `create` refused its options. */
export interface BuildFailure extends Instance {
  readonly message: string
}

/**
 * Makes the graph of a checked configuration: outputs with their cursors first, then filters, then inputs. Touches no
 * network, file or device, since no plugin's `create` does.
 */
export class Builder {
  readonly #checked: CheckedPipeline
  readonly #parts: BuildParts
  readonly #ledger = new Ledger()
  readonly #lanes: Lanes
  readonly #boot = readBoot()
  readonly #appenders = new Map<string, Appender>()
  /** Of what outlives the agent. */
  readonly #mount: Mount | undefined
  readonly #kept: Kept
  /** One for all outputs, since they share its files; undefined where there is nowhere to keep letters. */
  #letters: DeadLetterStore | undefined
  readonly #filters: Route<Filter>[] = []
  readonly #filtersOf = new Router<Filter>(this.#filters)
  readonly failures: BuildFailure[] = []

  constructor(checked: CheckedPipeline, parts: BuildParts) {
    this.#checked = checked
    this.#parts = parts
    this.#kept = parts.kept ?? nothingKept(parts.clock)
    const path = this.#stored()
    if (path !== undefined) this.#mount = new Mount(path)
    // By chance: a machine without a clock of its own begins each boot at the same time, and a container with the same pid.
    const run = randomBytes(9).toString('base64url')
    const bootedMs = this.#boot.uptimeMs - parts.clock.monotonic()
    this.#lanes = new Lanes(checked.lanes, { clock: parts.clock, run, bootedMs })
  }

  /** The pipeline, or undefined when there are `failures`. */
  async build(): Promise<Pipeline | undefined> {
    this.#letters = await this.#openLetters()
    // Inputs make their parsers when they run, which is late to hear of a wrong one.
    const parsers = this.#checked.parsers.map((parser) => ({ ...parser, id: `parser ${parser.name}` }))
    await this.#each(parsers, ({ name }) => this.#parts.formats.parser(name))
    const flushers = await this.#each(this.#checked.outputs, (instance) => this.#output(instance))
    await this.#each(this.#checked.filters, (instance) => this.#filter(instance))
    const inputs = await this.#each(this.#checked.inputs, (instance) => this.#input(instance))
    const servers = await this.#each(this.#checked.servers, (server) => this.#server(server))
    const [admin] = await this.#each(adminInstances(this.#checked.service), adminSettings)
    if (this.failures.length > 0) return undefined
    return {
      inputs: [...inputs, ...servers],
      flushers,
      lanes: this.#lanes,
      appenders: this.#appenders,
      ledger: this.#ledger,
      latest: this.#kept.latest,
      storage: await this.#storage(),
      storagePath: this.#stored(),
      startOldest: startOldestOf(this.#checked),
      admin,
    }
  }

  async #each<I extends Instance, B>(instances: readonly I[], create: (instance: I) => B | Promise<B>): Promise<B[]> {
    const built: B[] = []
    for (const instance of instances) {
      try {
        built.push(await create(instance))
      } catch (error) {
        if (!(error instanceof AgentError)) throw error
        const { id, position } = instance
        this.failures.push({ id, message: messageOf(error), ...(position ? { position } : {}) })
      }
    }
    return built
  }

  async #output({ id, plugin, options, match }: CheckedRoute<'output'>): Promise<Flusher> {
    const ledger = this.#ledger.output(id)
    const context = outputContext(this.#contextParts(id, ledger), this.#kept.latest)
    const output = await plugin.definition.create(options, context)
    const cursors = this.#lanes.cursorsOf(cursorSettings(id, match, options, context.clock), ledger)
    const { clock, log } = context
    return new Flusher(flushSettings(id, options, this.#checked.service), {
      output,
      cursors: new CursorGroup(cursors as [Cursor, ...Cursor[]]),
      clock,
      log,
      deadLetter: this.#letters ?? noDeadLetter,
    })
  }

  #filter({ id, plugin, options, match }: CheckedRoute<'filter'>): void {
    const ledger = this.#ledger.filter(id)
    const parts = this.#contextParts(id, ledger)
    const appender = this.#appender(defaultLane, { id: filterInput.nameOf(id), full: 'wait', ack: 'received' }, ledger)
    const context = filterContext(parts, this.#intake(appender, parts), appender)
    this.#filters.push({ match, target: plugin.definition.create(options, context) })
  }

  async #input(checked: CheckedInput): Promise<BuiltInput> {
    const { id, plugin, options } = checked
    const source = this.#source(id, plugin.definition, options)
    // Where workers make their own, it is made all the same: it knows what is wrong with its options.
    const input = plugin.definition.create(options, source.context)
    const sharing = plugin.definition.sharing?.(options)
    const made = { id, name: plugin.name, tag: options.tag, input, ...source }
    if (!sharing || sharing.workers === 1) return made
    const { inputSetup } = await import('./workers/setups.js')
    return this.#shared(made, sharing, { ...options, setup: inputSetup(checked, this.#checked.parsers) })
  }

  async #server(server: CheckedServer): Promise<BuiltInput> {
    const { id, options } = server
    const source = this.#source(id, serverDefinition, options)
    const shared = { latest: this.#kept.latest, loggerOf: (of: string) => loggerOf(this.#parts.log, of) }
    const stages = await this.#each(server.stages, (stage) => placedStage(stage, server, { ...source, ...shared }))
    const input = await serverInput(server, stages, source.context)
    const made = { id, name: 'http', tag: options.tag, input, ...source }
    if (options.workers === 1) return made
    const { sharingOf } = await import('../net/sharing.js')
    const { serverSetup } = await import('./workers/setups.js')
    const setup = serverSetup(server, this.#checked.parsers)
    return this.#shared(made, sharingOf(options.workers), { ...options, setup })
  }

  /** Has workers run it. Loads what these take, which no other agent does. */
  async #shared(
    made: BuiltInput,
    sharing: Sharing,
    { setup, lane }: { readonly setup: WorkerSetup; readonly lane: string },
  ): Promise<BuiltInput> {
    const { sharedInput } = await import('./workers/shared-input.js')
    const { clock, log } = this.#parts
    const { budget } = this.#lanes.lane(lane)
    const input = sharedInput({
      ...made,
      sharing,
      setup,
      clock,
      lines: log,
      retry: retrySettings(this.#checked.service),
      freeBytes: () => (budget.full ? 0 : budget.limit - budget.used),
    })
    return { ...made, input }
  }

  /** What inputs and servers have in common. */
  #source(id: string, definition: Sourcing, options: SourceOptions): Source {
    const ledger = this.#ledger.input(id)
    const parts = this.#contextParts(id, ledger)
    const lane = this.#checked.lanes.find(({ name }) => name === options.lane) as CheckedLane
    const appender = this.#appender(lane.name, appenderSettings(id, definition, options, lane), ledger)
    const state = this.#state(parts)
    const context = inputContext(parts, this.#intake(appender, parts), appender, state)
    return { context, state, log: parts.log }
  }

  #state({ id, clock, log }: ContextParts): StateStore {
    const path = this.#stored('state', `${id}.json`)
    const known = path === undefined ? this.#kept.states.get(id) : undefined
    const state = known ?? new FileState({ path, mount: this.#mount, clock, log })
    if (path === undefined) this.#kept.states.set(id, state)
    return state
  }

  #appender(lane: string, settings: AppenderSettings, ledger: InputLedger): Appender {
    const appender = new Appender(this.#lanes.lane(lane), settings, ledger)
    this.#appenders.set(settings.id, appender)
    return appender
  }

  /** Undefined where nothing outlives the agent, which then does not load what it takes. */
  async #storage(): Promise<Storage | undefined> {
    const path = this.#stored()
    if (path === undefined || !this.#mount || !this.#letters) return undefined
    const { clock, log, files } = this.#parts
    const { createStorage } = await import('./create-storage.js')
    return createStorage({
      checked: this.#checked,
      lanes: this.#lanes,
      ledger: this.#ledger,
      appenders: this.#appenders,
      letters: this.#letters,
      path,
      mount: this.#mount,
      boot: this.#boot.id,
      clock,
      log,
      ...(files ? { files } : {}),
    })
  }

  #intake(appender: Appender, { clock, log }: ContextParts): Intake {
    return new Intake({ appender, clock, log, filters: (tag) => this.#filtersOf.of(tag) })
  }

  #contextParts(id: string, { counters }: { readonly counters: ContextParts['counters'] }): ContextParts {
    const { clock, log, formats } = this.#parts
    return { id, clock, log: loggerOf(log, id), counters, formats }
  }

  /** Touches nothing before the first letter. */
  async #openLetters(): Promise<DeadLetterStore | undefined> {
    const folder = this.#stored('dead')
    if (folder === undefined) return undefined
    const { DeadLetterStore: Store } = await import('../flush/dead-letter-store.js')
    const settings = { folder, limitBytes: this.#checked.service.dead_letter_limit, mount: this.#mount }
    return new Store(settings, this.#parts.clock, loggerOf(this.#parts.log, 'dead_letter'))
  }

  /** A path below the storage path, if the service has one. */
  #stored(...names: string[]): string | undefined {
    const path = this.#checked.service['storage.path']
    return path === undefined ? undefined : join(path, ...names)
  }
}
