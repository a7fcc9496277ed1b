/** Longest texts of the header (RFC 5424, section 6). */
export const longest = { hostname: 255, appname: 48, procid: 128, msgid: 32, sdName: 32 } as const

/** A word of the header: visible ASCII, other characters are `_`; `-` where there is none (RFC 5424, sections 6 and 6.1). */
export function headerWord(text: string | undefined, length: number): string {
  return (text ?? '').replace(/[^!-~]/gu, '_').slice(0, length) || '-'
}

/** A name in structured data, which has no `=`, `]` or `"` either (section 6.3.2). */
export function sdName(text: string, length: number): string {
  return headerWord(text, length).replace(/[=\]"]/g, '_')
}

/** The value of a parameter: `"`, `\` and `]` have a backslash before them (section 6.3.3). */
export function sdValue(text: string): string {
  return text.replace(/["\\\]]/g, String.raw`\$&`)
}

/** The tag of RFC 3164 (section 4.1.3): what follows it begins with another character than these. */
export function tagWord(text: string): string {
  return text.replace(/[^\w./-]/gu, '_').slice(0, 32)
}
