import { AgentError, compileTemplate, type Event } from 'sluice/plugin'

/** Stands for what no topic may have, and for fields that an event lacks. */
const filler = '_'
/** MQTT 5.0, sections 4.7.1 (wildcards) and 4.7.3 (null character): none may be in the topic of a PUBLISH. */
const forbidden = /[+#\0]/g
/** MQTT 5.0, section 1.5.4. */
const longestTopicBytes = 65_535

export type Topic = { readonly topic: string; readonly changed: boolean } | { readonly refusal: string }

/** Makes topics by a template; `changed` ones had characters that were replaced. */
export function topicMaker(template: string): (event: Pick<Event, 'tag' | 'record'>) => Topic {
  if (/[+#]/.test(template)) {
    throw new AgentError(
      'MQTT_TOPIC',
      `topic: expected no "+" and no "#", which only subscribers use, got "${template}"`,
    )
  }
  const write = compileTemplate(template, filler)
  return (event) => {
    const written = write(event)
    const topic = written.replace(forbidden, filler)
    if (topic === '') return { refusal: 'its topic is empty' }
    if (Buffer.byteLength(topic) > longestTopicBytes)
      return { refusal: `its topic is longer than ${longestTopicBytes} bytes` }
    return { topic, changed: topic !== written }
  }
}

/** Whether topics differ between the events of one tag. */
export function readsFields(template: string): boolean {
  return /\$(?!TAG(?![\p{L}\p{N}_@-]))/u.test(template)
}
