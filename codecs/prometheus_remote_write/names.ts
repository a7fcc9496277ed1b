/** `[a-zA-Z_:][a-zA-Z0-9_:]*` (Prometheus, "Data model"); anything else becomes an underscore. */
export function metricName(text: string): string {
  return begun(text.replaceAll(/[^\w:]/g, '_'))
}

/** `[a-zA-Z_][a-zA-Z0-9_]*` (the same page). */
export function labelName(text: string): string {
  return begun(text.replaceAll(/\W/g, '_'))
}

function begun(name: string): string {
  return /^\d/.test(name) ? `_${name}` : name
}
