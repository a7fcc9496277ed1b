import type { AgentStatus, ById } from '../../observe/status.js'

/** `/`: what this is, in the place where those look who expect Fluent Bit, and what it is. */
export function rootJson({ version }: AgentStatus): object {
  return {
    'fluent-bit': { version, edition: 'Community', flags: ['FLB_HAVE_METRICS', 'FLB_HAVE_HTTP_SERVER'] },
    sluice: { version, node: process.versions.node },
  }
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** `/api/v1/uptime`. */
export function uptimeJson({ uptimeMs }: Pick<AgentStatus, 'uptimeMs'>): object {
  const seconds = Math.floor(uptimeMs / 1000)
  const parts = [
    counted(Math.floor(seconds / day), 'day'),
    counted(Math.floor((seconds % day) / hour), 'hour'),
    counted(Math.floor((seconds % hour) / minute), 'minute'),
  ]
  const text = `${parts.join(', ')} and ${counted(seconds % minute, 'second')}`
  // The two blanks are Fluent Bit's.
  return { uptime_sec: seconds, uptime_hr: `Fluent Bit has been running:  ${text}` }
}

/** 0 is singular here, as it is in Fluent Bit. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count > 1 ? 's' : ''}`
}

/** `/api/v1/plugins`: the plugins of the pipeline. */
export function pluginsJson({ inputs, filters, outputs }: AgentStatus): object {
  return { plugins: { inputs: names(inputs), filters: names(filters), outputs: names(outputs) } }
}

function names(instances: ById<{ readonly plugin: string }>): readonly string[] {
  return [...new Set(Object.values(instances).map(({ plugin }) => plugin))].sort()
}
