import { numberOf } from './fields.js'
import type { Mode } from './fix.js'
import type { Sentence } from './sentence.js'

interface View {
  readonly count: number
  readonly epoch: number
}

/** A system that said nothing of its satellites for so many epochs is not in view any more: receivers tell every few seconds. */
const forgottenAfter = 30

/** More than there are systems and signals: talkers are what a line says. */
const mostViews = 64

/** Field 2 of GSA. */
const modes: { readonly [digit: string]: Mode } = { '1': 'none', '2': '2d', '3': '3d' }

/** What is known of the satellites: GSA and GSV have no time, and do not come with every fix. */
export class Sky {
  mode: Mode | undefined
  pdop: number | undefined
  hdop: number | undefined
  vdop: number | undefined
  readonly #views = new Map<string, View>()

  /** GSA: each system has one, which all say the same of the whole. */
  takeActive({ fields }: Sentence): void {
    this.mode = modes[fields[1] ?? '']
    this.pdop = numberOf(fields[14])
    this.hdop = numberOf(fields[15])
    this.vdop = numberOf(fields[16])
  }

  /** GSV: since version 4.10 a system has one for each signal of the same satellites, whose number is the last field. */
  takeInView({ talker, fields }: Sentence, epoch: number): void {
    const signal = fields.length % 4 === 0 ? fields.at(-1) : ''
    const key = `${talker} ${signal}`
    const count = numberOf(fields[2])
    if (count === undefined || (!this.#views.has(key) && this.#views.size >= mostViews)) return
    this.#views.set(key, { count, epoch })
  }

  /** Satellites in view of all systems; undefined where nothing was said of them. */
  inView(epoch: number): number | undefined {
    const most = new Map<string, number>()
    for (const [key, view] of this.#views) {
      const [talker = ''] = key.split(' ')
      if (epoch - view.epoch > forgottenAfter) this.#views.delete(key)
      else most.set(talker, Math.max(view.count, most.get(talker) ?? 0))
    }
    return most.size === 0 ? undefined : [...most.values()].reduce((sum, count) => sum + count, 0)
  }
}
