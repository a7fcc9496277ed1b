import { type Answer, judge, type JudgeContext, quote, type Verdict } from 'sluice/http-client'
import { AgentError, type OutputContext, readJson } from 'sluice/plugin'
import { fromJson, fromWire, int64, message, one, type Read, string } from 'sluice/protobuf'

/** ExportLogsPartialSuccess and ExportMetricsPartialSuccess, which differ in names alone (opentelemetry-proto, collector/*). */
const partial = message('PartialSuccess', { rejected: one(1, int64), errorMessage: one(2, string) })
const response = message('ExportResponse', { partialSuccess: one(1, () => partial) })

const jsonPartial = message('PartialSuccess', {
  rejectedLogRecords: one(1, int64),
  rejectedDataPoints: one(3, int64),
  errorMessage: one(2, string),
})
const jsonResponse = message('ExportResponse', { partialSuccess: one(1, () => jsonPartial) })

interface Export {
  readonly encoding: 'protobuf' | 'json'
  readonly signal: 'logs' | 'metrics'
  readonly context: OutputContext
}

/**
 * A collector may take a part, and says how much it did not, but not what: such a request must not be sent again (OTLP Specification
 * 1.x, "Partial Success"). What it says is counted and logged, unless it took nothing, which is known of each event then. That is so of
 * logs alone: a record may be many data points, so that as many as there are events may be those of a few.
 */
export function judgeExport(answer: Answer, about: JudgeContext, { encoding, signal, context }: Export): Verdict {
  const verdict = judge(answer, about)
  if (verdict !== undefined) return verdict
  const { rejected, reason } = encoding === 'json' ? jsonPartOf(answer) : partOf(answer)
  if (rejected === 0 && reason === '') return undefined
  const told = `${about.where}: ${rejected} were rejected: ${quote(reason)}`
  if (signal === 'logs' && rejected >= about.count) {
    return { refused: new Map(Array.from({ length: about.count }, (_, event) => [event, told])) }
  }
  context.count('rejected', rejected)
  context.log.warn('the server took a part', { rejected, reason: quote(reason) })
  return undefined
}

interface Part {
  readonly rejected: number
  readonly reason: string
}

const nothing: Part = { rejected: 0, reason: '' }

function partOf({ bytes = new Uint8Array() }: Answer): Part {
  return read(() => {
    const { partialSuccess }: Read<typeof response> = fromWire(response, bytes)
    const { rejected = 0, errorMessage: reason = '' } = partialSuccess ?? {}
    return { rejected: Number(rejected), reason }
  })
}

function jsonPartOf({ text }: Answer): Part {
  return read(() => {
    const { partialSuccess }: Read<typeof jsonResponse> = fromJson(
      jsonResponse,
      readJson(Buffer.from(text || '{}')) ?? {},
    )
    const { rejectedLogRecords = 0, rejectedDataPoints = 0, errorMessage: reason = '' } = partialSuccess ?? {}
    return { rejected: Number(rejectedLogRecords) + Number(rejectedDataPoints), reason }
  })
}

/** The status says that all is well: what cannot be read of the rest does not turn that. */
function read(work: () => Part): Part {
  try {
    return work()
  } catch (error) {
    if (error instanceof AgentError) return nothing
    throw error
  }
}
