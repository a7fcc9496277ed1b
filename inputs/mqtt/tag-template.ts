/** A whole topic, a level of it, or a dollar sign in a tag. */
const part = /\$\$|\$topic\b(?:\[(\d+)\])?/gi

/**
 * Compiles a tag in which `$topic` stands for the topic with dots between its levels and `$topic[1]` for one level, from 0; `$$` is
 * a dollar sign. A level that a topic has not is nothing.
 */
export function tagTemplate(template: string): (topic: string) => string {
  if (!template.includes('$')) return () => template
  return (topic) => {
    const levels = topic.split('/')
    return template.replace(part, (found, level: string | undefined) => {
      if (found === '$$') return '$'
      return level === undefined ? levels.join('.') : (levels[Number(level)] ?? '')
    })
  }
}
