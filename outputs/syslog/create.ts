import { datagramOutput, streamOutput, type Target } from 'sluice/net'
import { AgentError, type Output, type OutputContext } from 'sluice/plugin'
import { datagramsOf, type EncodeParts, streamOf } from './encode.js'
import { fieldsReader, type SyslogOptions } from './fields.js'
import { longest } from './header-text.js'
import { rfc3164, rfc5424 } from './message.js'

/** RFC 5424 wants receivers to take 2048 bytes (section 6.1), RFC 3164 allows no more than 1024 (section 4.1). */
const maxSizes = { rfc5424: 2048, rfc3164: 1024 } as const

/** Of UDP and TCP, and of TLS (RFC 5425, section 4.1). */
const ports = { plain: 514, tls: 6514 } as const

export function createSyslog(given: SyslogOptions, context: OutputContext): Output {
  const options = secured(given)
  const parts = partsOf(options, context)
  if (options.mode === 'udp') {
    checkDatagrams(options)
    const { host, port = ports.plain } = options
    const encode = (batch: Parameters<typeof datagramsOf>[0]) => datagramsOf(batch, parts)
    return datagramOutput({ target: { host, port }, clock: context.clock, encode })
  }
  // RFC 5425, section 4.3: over TLS a message has its length in front.
  const framing = options.framing ?? (options.tls ? 'octet_counting' : 'newline')
  return streamOutput({ options, targetOf, encode: (batch) => streamOf(batch, parts, framing) }, context)
}

function targetOf({ mode, host, port, unix_path: path, tls }: SyslogOptions): Target {
  if (mode !== 'unix') return { host, port: port ?? (tls ? ports.tls : ports.plain) }
  if (path !== undefined) return { path }
  throw new AgentError('SYSLOG_PATH', 'unix_path: expected the path of a socket, got none')
}

function checkDatagrams({ tls, servers, upstream }: SyslogOptions): void {
  if (tls) throw new AgentError('SYSLOG_MODE', 'tls: expected mode: tls beside it, got mode: udp')
  if (servers === undefined && upstream === undefined) return
  throw new AgentError('SYSLOG_MODE', 'servers: expected mode: tcp or tls beside it, got mode: udp')
}

/** `mode: tls` is TLS, whatever else is said; so it is for each server of a group. */
function secured(options: SyslogOptions): SyslogOptions {
  const { mode, upstream } = options
  if (mode !== 'tls') return options
  return {
    ...options,
    tls: true,
    upstream: upstream?.map((node) => ({ ...node, options: { ...node.options, tls: true } })),
  }
}

function partsOf(options: SyslogOptions, context: OutputContext): EncodeParts {
  const { syslog_format: format, allow_longer_sd_id: longerIds } = options
  return {
    fieldsOf: fieldsReader(options),
    write: format === 'rfc3164' ? rfc3164 : rfc5424(longerIds ? Infinity : longest.sdName),
    maxSize: options.syslog_maxsize ?? maxSizes[format],
    count: (name) => context.count(name),
  }
}
