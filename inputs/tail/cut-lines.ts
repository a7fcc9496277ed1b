const newline = 0x0a
const carriageReturn = 0x0d

export interface LineRules {
  readonly maxLine: number
  readonly truncates: boolean
}

/** Where the reading of a file stands at the beginning of a block. */
export interface Standing {
  /** The block begins in a line that was given up. */
  readonly skipping: boolean
  /** Nothing follows: what has no newline is a line all the same. */
  readonly isLast: boolean
}

/** Takes lines, their ends left out; bytes are lent until it returns. */
export interface LineSink {
  line(block: Buffer, start: number, end: number): void
}

export interface Cut {
  /** Bytes that are done with: the next block begins behind them. */
  readonly consumed: number
  /** Bytes up to the end of the last whole line; 0 where no line ended. Reading may begin there again. */
  readonly whole: number
  /** The block ended in a line that was given up. */
  readonly skipping: boolean
  /** Lines that were too long. */
  readonly long: number
}

/** Cuts a block into lines that end with a newline, with or without a carriage return before it. */
export function cutLines(block: Buffer, rules: LineRules, standing: Standing, sink: LineSink): Cut {
  let { skipping } = standing
  let start = 0
  let long = 0
  for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
    if (!skipping) long += give(block, start, withoutReturn(block, start, end), { rules, sink })
    skipping = false
    start = end + 1
  }
  const whole = start
  if (standing.isLast) {
    if (!skipping && start < block.length) long += give(block, start, block.length, { rules, sink })
    return { consumed: block.length, whole: block.length, skipping: false, long }
  }
  if (skipping) return { consumed: block.length, whole, skipping, long }
  if (block.length - start <= rules.maxLine + 1) return { consumed: start, whole, skipping, long } // one may be a return
  return {
    consumed: block.length,
    whole,
    skipping: true,
    long: long + give(block, start, block.length, { rules, sink }),
  }
}

/** Answers how many lines of this one were too long. */
function give(block: Buffer, start: number, end: number, { rules, sink }: { rules: LineRules; sink: LineSink }): 0 | 1 {
  const isLong = end - start > rules.maxLine
  if (!isLong) sink.line(block, start, end)
  else if (rules.truncates) sink.line(block, start, wholeCharacters(block, start, start + rules.maxLine))
  return isLong ? 1 : 0
}

function withoutReturn(block: Buffer, start: number, end: number): number {
  return end > start && block[end - 1] === carriageReturn ? end - 1 : end
}

/** Moves the end of a cut before the character that it would cut in two; UTF-8 has at most three bytes after the first. */
function wholeCharacters(block: Buffer, start: number, end: number): number {
  let cut = end
  while (cut > start && end - cut < 4 && ((block[cut] ?? 0) & 0xc0) === 0x80) cut--
  return cut > start ? cut : end
}
