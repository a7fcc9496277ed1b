import { isUtf8 } from 'node:buffer'
import { malformed, MqttRefusal } from './mqtt-refusal.js'
import type { Publish } from './publish.js'

/** The topic name of a message as text (MQTT 5.0, section 4.7). Throws an MqttRefusal where it is none. */
export function topicName({ topicBytes, topicStart, topicEnd }: Publish): string {
  const bytes = topicBytes.subarray(topicStart, topicEnd)
  if (!isUtf8(bytes) || bytes.includes(0)) throw malformed('a topic in UTF-8 without U+0000')
  const name = bytes.toString('utf8')
  if (name === '' || /[+#]/.test(name))
    throw new MqttRefusal('topic_name_invalid', 'expected a topic of at least one character, without + and #')
  return name
}

/** Whether a topic filter may stand in a SUBSCRIBE: `+` takes up a level, `#` the last one (section 4.7.1). */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/')
  const isSound = (level: string, at: number): boolean =>
    level === '+' || (level === '#' && at === levels.length - 1) || !/[+#\0]/.test(level)
  return filter !== '' && Buffer.byteLength(filter) <= 65_535 && levels.every(isSound)
}

/** Whether a topic fits a filter. One that begins with `$` fits no filter that begins with a wildcard (section 4.7.2). */
export function topicMatches(topic: string, filter: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  const levels = topic.split('/')
  const wanted = filter.split('/')
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false
  }
  return wanted.length === levels.length
}
