import { compileFramePattern, type FramePattern } from './frame-pattern.js'

export interface SelectionLists {
  /** Patterns of frames that are taken; where there are none, all are. */
  readonly allow: readonly string[]
  /** Patterns of frames that are left out, though they are allowed. */
  readonly deny: readonly string[]
}

/** Which frames are wanted. Throws an AgentError `CAN_PATTERN`. */
export function compileSelection({ allow, deny }: SelectionLists): FramePattern {
  const allowed = allow.map((text) => compileFramePattern(text, 'allow'))
  const denied = deny.map((text) => compileFramePattern(text, 'deny'))
  return (frame) =>
    (allowed.length === 0 || allowed.some((matches) => matches(frame))) && !denied.some((matches) => matches(frame))
}
