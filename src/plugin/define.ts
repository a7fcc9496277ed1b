import type { EncodedEvents, Event } from '../event/event.js'
import type { filterOptions, inputOptions, outputOptions } from './common-options.js'
import type {
  FilterContext,
  Formatter,
  Framing,
  InputContext,
  OutputContext,
  Parsed,
  PluginContext,
} from './context.js'
import type { Options, ValuesOf } from './options.js'

/**
 * A source of events. The engine calls `run` once; when it throws, again after a back-off. Set-up is the code before its
 * loop, clean-up its `finally`, stop is the signal: a run ends soon after its signal is aborted. A run that returns before
 * that is done for good (end of a file, samples used up).
 */
export interface Input {
  run(signal: AbortSignal): Promise<void>
  /** Called in the agent before workers are started that run it: rejects where none of them could, such as with an address that is taken. */
  rehearse?(): Promise<void>
}

/**
 * One event in; none, one or several out. Called before events are encoded, in the order of the file. An event that comes out
 * under another tag goes through the filters of that tag from the first, but not through this one again. A record that is to
 * stay as it is comes out as it is: nobody copies it.
 */
export interface Filter {
  apply(event: Event): Event | readonly Event[] | undefined
}

/** A destination. It holds no queue, no timer and no retry loop: the engine owns these. */
export interface Output {
  /** What logs and dead letters call where the events go, such as an address; no credentials. */
  readonly destination?: string
  /**
   * One attempt to deliver one batch. Resolving acknowledges all of it; rejecting asks for a retry, unless the error is a
   * PermanentError, RetryLater or PartialError. A batch that was refused comes again in halves, under other ids. Ends soon after
   * its signal is aborted. The batch's bytes are lent until then.
   */
  flush(batch: Batch, signal: AbortSignal): Promise<void>
  /** Called once after the last flush; frees sockets and files. */
  close?(): Promise<void>
}

/** Consecutive chunks of one cursor, lent to an output for one flush. */
export interface Batch {
  /** Stays the same for every retry, across outputs' restarts too; a part of a batch has its own, such as `ID.0-499`. */
  readonly id: string
  readonly chunks: readonly BatchChunk[]
  readonly count: number
  readonly bytes: number
  /** 1 for the first flush. */
  readonly attempt: number
}

export interface BatchChunk extends EncodedEvents {
  /** Stays the same for every retry: receivers may know a chunk again by it. */
  readonly id: string
}

/** Both directions of one format; a codec may have one of them only. */
export interface Codec {
  readonly framing: Framing
  /** One whole frame to its records; throws an AgentError when it is not of this format. */
  parse?(frame: Uint8Array): Iterable<Parsed>
  formatter?: Formatter
  /** The format knows text alone: an empty field says nothing, and `skip_empty_values` leaves it out. */
  readonly textFields?: true
}

export interface Definition<O extends Options> {
  /** One sentence for lists and help. */
  readonly summary: string
  /** The plugin's own options; what all of its kind have is added by the engine. */
  readonly options: O
  /** Options of Fluent Bit that this plugin does not have: name → what to write instead; `name=value` is that value alone. */
  readonly unsupported?: { readonly [name: string]: string }
  /** Options of Fluent Bit that mean nothing here: name, or `name=value` → why, for a warning; empty where there is nothing to tell. */
  readonly ignored?: { readonly [name: string]: string }
  /** Codecs that an instance with these options asks for besides those that they name. */
  codecs?(options: ValuesOf<O>): readonly string[]
}

/** How the work of one input is shared: by threads of the agent, or by processes, which share what threads cannot. */
export interface Sharing {
  readonly workers: number
  readonly by: 'threads' | 'processes'
}

type WhenFull = 'wait' | 'drop_oldest' | 'drop_newest'

/** `create` may check what a schema cannot say, and touches no network, file or device: `check` runs it. */
export interface InputDefinition<O extends Options = Options> extends Definition<O> {
  /** What `full` is where the user does not say: `wait` suits a source that can wait, `drop_oldest` one that cannot. */
  readonly full: WhenFull
  /** The same where it depends on the options which of them the source is. */
  fullWith?(options: ValuesOf<O & typeof inputOptions>): WhenFull
  /** Set where events may carry other tags than the option `tag`: no pattern is then known to match nothing. */
  readonly anyTag?: true
  /** What `ack` is where the user does not say; `received` unless given. In a lane that has no disk, `stored` is `delivered`. */
  readonly ack?: 'received' | 'stored' | 'delivered'
  /**
   * Set where several workers may run the input together: each makes one of its own with `create`, which has the same options, and a
   * context that leads to the agent, but keeps no state. They share what they listen on.
   */
  sharing?(options: ValuesOf<O & typeof inputOptions>): Sharing
  create(options: ValuesOf<O & typeof inputOptions> & { readonly tag: string }, context: InputContext): Input
}

export interface FilterDefinition<O extends Options = Options> extends Definition<O> {
  /** Set where the filter gives events other tags. */
  readonly anyTag?: true
  create(options: ValuesOf<O & typeof filterOptions>, context: FilterContext): Filter
}

export interface OutputDefinition<O extends Options = Options> extends Definition<O> {
  /** Options read off `-o scheme://host:port/path`; without it, `host` and `port` are. Throws where a part would go unused. */
  fromUrl?(url: URL): { readonly [option: string]: unknown }
  create(options: ValuesOf<O & typeof outputOptions>, context: OutputContext): Output | Promise<Output>
}

export interface CodecDefinition<O extends Options = Options> extends Definition<O> {
  /** One codec for one stream: it may keep what the stream told it, such as a header line. */
  create(options: ValuesOf<O>, context: PluginContext): Codec
}

/** The folders of the plugins are named after them. What a stage is, src/http says. */
export const pluginKinds = ['input', 'filter', 'output', 'codec', 'stage'] as const

export type PluginKind = (typeof pluginKinds)[number]

/** A definition that knows its kind, which its folder must be of. */
export type Defined<K extends PluginKind, D> = D & { readonly kind: K }

export function defineInput<const O extends Options>(
  definition: InputDefinition<O>,
): Defined<'input', InputDefinition<O>> {
  return { ...definition, kind: 'input' }
}

export function defineFilter<const O extends Options>(
  definition: FilterDefinition<O>,
): Defined<'filter', FilterDefinition<O>> {
  return { ...definition, kind: 'filter' }
}

export function defineOutput<const O extends Options>(
  definition: OutputDefinition<O>,
): Defined<'output', OutputDefinition<O>> {
  return { ...definition, kind: 'output' }
}

export function defineCodec<const O extends Options>(
  definition: CodecDefinition<O>,
): Defined<'codec', CodecDefinition<O>> {
  return { ...definition, kind: 'codec' }
}
