import { AgentError } from '../../base/agent-error.js'
import {
  compileFramePattern,
  compileWildcard,
  type FrameIdentity,
  type FramePattern,
  splitBus,
} from './frame-pattern.js'

/** How often something that is seen again and again is told. */
export interface Thinning {
  /** Only what differs from what was told last. */
  readonly onChange: boolean
  /** Milliseconds that must lie between two times it is told; 0 for none. */
  readonly minInterval: number
  /** Milliseconds after which it is told again though it did not change; 0 for never. */
  readonly maxSilence: number
}

/** One of the user's rules; what it leaves out is as for all others. */
export interface ThinningRule extends Partial<{ readonly [K in keyof Thinning]: Thinning[K] | undefined }> {
  /** A pattern of frames, or of signals: `Engine*`, `can0:0x123`, `EngineData.Speed`, `*.Speed`. */
  readonly match: string
}

export interface ThinningRules {
  /** Of a message as a whole. */
  ofMessage(frame: FrameIdentity): Thinning
  /** Of a signal by itself; undefined where no rule names it. */
  ofSignal(frame: FrameIdentity, signal: string): Thinning | undefined
}

interface SignalRule {
  readonly matches: FramePattern
  readonly isSignal: (name: string) => boolean
  readonly thinning: Thinning
}

/** The first rule that matches counts. Throws an AgentError `CAN_PATTERN`. */
export function compileThinning(common: Thinning, rules: readonly ThinningRule[]): ThinningRules {
  const ofMessages = rules.filter(({ match }) => !namesSignal(match)).map((rule) => messageRule(rule, common))
  const ofSignals = rules.filter(({ match }) => namesSignal(match)).map((rule) => signalRule(rule, common))
  return {
    ofMessage: (frame) => ofMessages.find(({ matches }) => matches(frame))?.thinning ?? common,
    ofSignal: (frame, signal) =>
      ofSignals.find(({ matches, isSignal }) => isSignal(signal) && matches(frame))?.thinning,
  }
}

function namesSignal(match: string): boolean {
  return splitBus(match).rest.includes('.')
}

function messageRule(rule: ThinningRule, common: Thinning): { matches: FramePattern; thinning: Thinning } {
  return { matches: compileFramePattern(rule.match, 'rules'), thinning: thinningOf(rule, common) }
}

function signalRule(rule: ThinningRule, common: Thinning): SignalRule {
  const dot = rule.match.lastIndexOf('.')
  const signal = rule.match.slice(dot + 1)
  if (!/^[\w*?]+$/.test(signal)) {
    const expected = 'expected a message and a signal such as EngineData.Speed'
    throw new AgentError('CAN_PATTERN', `rules: ${expected}, got "${rule.match}"`)
  }
  return {
    matches: compileFramePattern(rule.match.slice(0, dot), 'rules'),
    isSignal: compileWildcard(signal),
    thinning: thinningOf(rule, common),
  }
}

function thinningOf(rule: ThinningRule, common: Thinning): Thinning {
  return {
    onChange: rule.onChange ?? common.onChange,
    minInterval: rule.minInterval ?? common.minInterval,
    maxSilence: rule.maxSilence ?? common.maxSilence,
  }
}
