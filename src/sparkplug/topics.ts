import { AgentError } from '../base/agent-error.js'

const namespace = 'spBv1.0'

export type MessageType = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'NCMD' | 'DBIRTH' | 'DDEATH' | 'DDATA' | 'DCMD'

/** An edge node, by the parts of its topics (Sparkplug 3.0, section 4.1). */
export interface EdgeNode {
  readonly group: string
  readonly node: string
}

/** `spBv1.0/GROUP/TYPE/NODE`, and `/DEVICE` behind it where there is one. */
export function sparkplugTopic({ group, node }: EdgeNode, type: MessageType, device?: string): string {
  const topic = `${namespace}/${group}/${type}/${node}`
  return device === undefined ? topic : `${topic}/${device}`
}

/** Where a host application says whether it is online (section 6.4.25). */
export function stateTopic(host: string): string {
  return `${namespace}/STATE/${host}`
}

/** What no id may have (section 4.1.3). */
const forbidden = /[+#/\0]/g

/** A name as an id. */
export function toId(name: string): string {
  return name.replace(forbidden, '_')
}

/** Throws an AgentError `SPARKPLUG_ID` for what is none. */
export function requireId(option: string, name: string): string {
  if (name !== '' && toId(name) === name) return name
  throw new AgentError('SPARKPLUG_ID', `${option}: expected a name without "/", "+" and "#", got "${name}"`)
}
