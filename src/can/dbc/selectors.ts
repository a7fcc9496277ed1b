import type { SignalSelector } from './dbc.js'
import type { Draft, DraftMessage, DraftSignal } from './draft.js'

/**
 * The signals of a message, by their long names, each with the signal and the raw values that it is there for: those of
 * `SG_MUL_VAL_`, else the number behind its `m` for the one signal that is marked `M`. What can't be is reported.
 */
export function linkSelectors(message: DraftMessage, draft: Draft): readonly DraftSignal[] {
  const main = message.signals.find(({ selects, group }) => selects && group === undefined)
  for (const signal of message.signals) signal.selector ??= selectorOf(signal, main, draft)
  cutCycles(message, draft)
  const signals = withoutTwins(message, draft)
  nameLong(signals)
  return signals
}

function selectorOf(signal: DraftSignal, main: DraftSignal | undefined, draft: Draft): SignalSelector | undefined {
  const { group } = signal
  if (group === undefined || signal === main) return undefined
  if (main) return { signal: main.name, ranges: [[group, group]] }
  draft.report(signal.place, `no signal selects "${signal.name}", which is taken to be there always`)
  return undefined
}

/** Signals that select one another would never be there. */
function cutCycles(message: DraftMessage, draft: Draft): void {
  const settled = new Set<string>()
  for (const { name } of message.signals) {
    const trail = new Set<string>()
    let next: string | undefined = name
    for (; next !== undefined && !settled.has(next) && !trail.has(next); next = selectorName(message, next))
      trail.add(next)
    if (next !== undefined && !settled.has(next)) cut(message, next, draft)
    for (const each of trail) settled.add(each)
  }
}

function selectorName({ byName }: DraftMessage, name: string): string | undefined {
  return byName.get(name)?.[0]?.selector?.signal
}

function cut(message: DraftMessage, name: string, draft: Draft): void {
  for (const signal of message.byName.get(name) ?? []) {
    draft.report(signal.place, `signal "${name}" selects itself by way of others, and is taken to be there always`)
    signal.selector = undefined
  }
}

/** Signals of one name are kept where never two of them are there at once; else the last is. */
function withoutTwins({ signals, byName }: DraftMessage, draft: Draft): readonly DraftSignal[] {
  if (byName.size === signals.length) return signals
  const dropped = new Set<DraftSignal>()
  for (const [name, same] of byName) {
    if (same.length === 1 || areApart(same)) continue
    for (const twin of same.slice(0, -1)) {
      draft.report(twin.place, `signal "${name}" is there again in line ${same.at(-1)?.line}, and replaced by that`)
      dropped.add(twin)
    }
  }
  return signals.filter((signal) => !dropped.has(signal))
}

function areApart(signals: readonly DraftSignal[]): boolean {
  const selector = signals[0]?.selector?.signal
  if (signals.some((signal) => signal.selector?.signal !== selector || !signal.selector)) return false
  const ranges = signals.flatMap((signal) => signal.selector?.ranges ?? []).sort(([one], [other]) => one - other)
  return ranges.every(([least], index) => index === 0 || least > (ranges[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY))
}

/** Names are cut at 32 characters in their statements; the whole name is an attribute. One that is taken is not given again. */
function nameLong(signals: readonly DraftSignal[]): void {
  const taken = new Set(signals.map(({ name }) => name))
  const names = new Map<string, string>()
  for (const { name, attributes } of signals) {
    const long = attributes.get('SystemSignalLongSymbol')
    if (names.has(name) || typeof long !== 'string' || long === '' || taken.has(long)) continue
    taken.add(long)
    names.set(name, long)
  }
  for (const signal of signals) {
    const { selector, name } = signal
    signal.name = names.get(name) ?? name
    if (selector) signal.selector = { ...selector, signal: names.get(selector.signal) ?? selector.signal }
  }
}
