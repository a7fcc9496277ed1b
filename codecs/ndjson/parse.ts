const newline = 0x0a

/** The lines of a frame that have more than blanks in them; a frame of a stream is one line, a whole body may have many. */
export function valuesIn(frame: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < frame.length;) {
    const end = frame.indexOf(newline, start)
    const line = frame.subarray(start, end < 0 ? frame.length : end)
    if (line.some((byte) => byte > 0x20)) lines.push(line)
    start += line.length + 1
  }
  return lines
}
