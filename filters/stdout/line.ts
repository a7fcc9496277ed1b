import { dateText, type Event, toJson } from 'sluice/plugin'

/** One line: the tag, and the time and the record as a pair, which reads as JSON. */
export function lineOf({ tag, time, record }: Event): string {
  return `${shown(tag)}: [${dateText(time, 'double')}, ${shown(toJson(record))}]\n`
}

/** What could steer a terminal is escaped, as JSON has it. */
function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from(
      { length: char.length },
      (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
