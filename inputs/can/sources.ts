import type { Readable } from 'node:stream'
import { selectedBlocks } from 'sluice/can'
import {
  type BusState,
  CanInterface,
  checkBitRates,
  Candump,
  type CanSource,
  LogSource,
  PacedLog,
  Slcan,
  type SlcanSettings,
  Socketcand,
  type SocketcandSettings,
} from 'sluice/can-bus'
import { AgentError, type InputContext } from 'sluice/plugin'
import { checkDevice } from 'sluice/serial'
import type { CanOptions } from './options.js'
import { fileOrigin, streamOrigin, tcpOrigin } from './origins.js'

/** What sources need that is not the user's to say. */
export interface SourceParts {
  readonly context: Pick<InputContext, 'clock' | 'count' | 'drop' | 'log'>
  readonly stdin: () => Readable
  readonly onState: (bus: string, state: BusState) => void
}

type Source = NonNullable<CanOptions['source']>

export function sourceOf({ source, path }: Pick<CanOptions, 'source' | 'path'>): Source {
  return source ?? (path === undefined ? 'socketcan' : 'log')
}

/** Whether frames come whether or not there is room for them. */
export function isLive(options: Pick<CanOptions, 'source' | 'path'>): boolean {
  const source = sourceOf(options)
  return source !== 'log' && source !== 'stdin'
}

/** Says what is missing of a source, or what it cannot use, as far as options tell. Throws `CAN_SOURCE`. */
export function checkSource(options: CanOptions): void {
  const source = sourceOf(options)
  if (source === 'tcp' && options.port === undefined) throw lacks('port', 'the port to connect to', source)
  if (source === 'log' && !options.path?.length) throw lacks('path', 'the log files to read', source)
  if (source === 'slcan') checkAdapters(options, source)
  else if (hasInterfaces(source)) checkInterfaces(options, source)
  if (options.path !== undefined && source !== 'log') {
    throw new AgentError(
      'CAN_SOURCE',
      `path: expected \`source: log\` beside it, got "${source}"; leave one of them out`,
    )
  }
}

function checkInterfaces({ interfaces }: CanOptions, source: Source): void {
  if (interfaces.length === 0) throw lacks('interfaces', 'one at least', source)
}

function checkAdapters({ adapters = [] }: CanOptions, source: Source): void {
  if (adapters.length === 0) throw lacks('adapters', 'one at least', source)
  for (const { bitrate, data_bitrate, ...line } of adapters) {
    checkDevice(line)
    checkBitRates(bitrate, data_bitrate)
  }
}

function hasInterfaces(source: Source): boolean {
  return source === 'socketcan' || source === 'candump' || source === 'socketcand'
}

export function openSources(options: CanOptions, parts: SourceParts): readonly CanSource[] {
  const { host, port = 0 } = options
  switch (sourceOf(options)) {
    case 'socketcan':
      return options.interfaces.map((name) => new CanInterface(busSettings(name, options, parts), parts.context))
    case 'candump':
      return options.interfaces.map((name) => new Candump(busSettings(name, options, parts), parts.context))
    case 'socketcand':
      return options.interfaces.map((name) => new Socketcand(serverSettings(name, options, parts), parts.context))
    case 'slcan':
      return (options.adapters ?? []).map((adapter) => new Slcan(adapterSettings(adapter, parts), parts.context))
    case 'log':
      return [logSource(options, parts)]
    case 'stdin':
      return [streamSource(streamOrigin('stdin', parts.stdin), options, parts)]
    case 'tcp':
      return [streamSource(tcpOrigin({ host, port }), options, parts)]
  }
}

function lacks(option: string, expected: string, source: Source): AgentError {
  return new AgentError('CAN_SOURCE', `${option}: expected ${expected} of \`source: ${source}\`, got none`)
}

/** Frames that nobody wants the kernel keeps back, unless they are parts of longer messages. */
function busSettings(interfaceName: string, { allow = [], deny = [], network }: CanOptions, { onState }: SourceParts) {
  const filters = network === undefined ? selectedBlocks({ allow, deny }, interfaceName) : []
  return { interface: interfaceName, filters, onState: (state: BusState) => onState(interfaceName, state) }
}

function serverSettings(name: string, options: CanOptions, parts: SourceParts): SocketcandSettings {
  const { host, port } = options
  return { ...busSettings(name, options, parts), host, ...(port === undefined ? {} : { port }) }
}

type AdapterOptions = NonNullable<CanOptions['adapters']>[number]

function adapterSettings(adapter: AdapterOptions, { onState }: SourceParts): SlcanSettings {
  const { name, bitrate: bitRate, data_bitrate: dataBitRate, listen_only: listenOnly, ...line } = adapter
  return {
    name,
    bitRate,
    listenOnly,
    ...(dataBitRate === undefined ? {} : { dataBitRate }),
    serial: { ...line, start_behavior: 'retry' },
    onState: (state) => onState(name, state),
  }
}

function logSource(options: CanOptions, { context }: SourceParts): CanSource {
  const { path = [], speed: factor } = options
  const origins = path.map(fileOrigin)
  return factor === 0
    ? new LogSource(origins, options, context)
    : new PacedLog(origins, { ...options, factor }, context)
}

/** A stream has one log, which comes when it comes. */
function streamSource(
  origin: ReturnType<typeof fileOrigin>,
  { format }: CanOptions,
  { context }: SourceParts,
): CanSource {
  return new LogSource([origin], { format, loop: false, times: 'recorded' }, context)
}
