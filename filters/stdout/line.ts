import { dateText, type Event, toJson } from 'sluice/plugin'

/** One line: the tag, and the time and the record as a pair, which reads as JSON. */
export function lineOf({ tag, time, record }: Event): string {
  return `${tag}: [${dateText(time, 'double')}, ${toJson(record)}]\n`
}
