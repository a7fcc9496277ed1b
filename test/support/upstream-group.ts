import type { GroupSettings } from '../../src/net/server-group.js'
import type { Server } from '../../src/net/server.js'
import { FakeClock } from './fake-clock.js'
import { RecordingOutputContext } from './output-context.js'

/** `a`, `b weight=2` or `c standby`, at addresses where nobody is asked anything. */
export function servers(...texts: readonly string[]): readonly Server[] {
  return texts.map((text, at) => ({
    where: text.split(' ', 1)[0] ?? '',
    target: { host: '127.0.0.1', port: at + 1 },
    weight: Number(/weight=(\d)/.exec(text)?.[1] ?? 1),
    isStandby: text.includes('standby'),
  }))
}

/** Servers that can be connected to unless they are `down`, and what they are asked to do. */
export class GroupWorld {
  readonly clock = new FakeClock()
  readonly context = new RecordingOutputContext(this.clock)
  readonly down = new Set<string>()
  /** When each was probed, such as `5000 a`. */
  readonly probes: string[] = []

  settings(more: Partial<GroupSettings<Server>> & Pick<GroupSettings<Server>, 'servers'>): GroupSettings<Server> {
    const probe = (server: Server): Promise<void> => {
      this.probes.push(`${this.clock.monotonic()} ${server.where}`)
      return this.reach(server)
    }
    return { balance: 'failover', maxFailures: 1, probeMs: 5000, probe, ...more }
  }

  /** Work that a server does unless it is down. */
  readonly reach = ({ where }: Server): Promise<void> =>
    this.down.has(where) ? Promise.reject(new Error(`${where} is down`)) : Promise.resolve()

  get lines(): string[] {
    return this.context.log.lines.map(({ message }) => message)
  }
}
