import type { EventTime } from 'sluice/plugin'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** In UTC, to the microsecond, which is as fine as RFC 5424 has it (section 6.2.3). */
export function preciseStamp({ seconds, nanoseconds }: EventTime): string {
  const micros = String(Math.floor(nanoseconds / 1000)).padStart(6, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}Z`
}

/** `Nov  3 21:03:00` in the time zone of this machine (RFC 3164, section 4.1.2). */
export function plainStamp({ seconds }: EventTime): string {
  const date = new Date(seconds * 1000)
  const day = String(date.getDate()).padStart(2)
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'))
  return `${months[date.getMonth()]} ${day} ${time.join(':')}`
}
