import type { HttpExchange } from 'sluice/http'

import { statusOf, targetOf } from './request-record.js'

export interface LineSettings {
  readonly query: boolean
  /** Milliseconds since 1970. */
  readonly wallMs: number
}

/** One line of Apache's format `combined`, as its module mod_log_config has it. */
export function combinedLine(exchange: HttpExchange, { query, wallMs }: LineSettings): string {
  const { clientAddress, method, request, user = '-', sentBytes } = exchange
  const asked = `${method} ${targetOf(exchange, query)} HTTP/${request.httpVersion}`
  const referrer = exchange.header('referer') ?? '-'
  const texts = [query ? referrer : referrer.replace(/[?#].*$/s, ''), exchange.header('user-agent') ?? '-']
  const quoted = texts.map((text) => `"${escaped(text.slice(0, 1024))}"`).join(' ')
  const who = `${clientAddress || '-'} - ${escaped(user).replaceAll(' ', String.raw`\x20`)}`
  return `${who} [${dateText(wallMs)}] "${escaped(asked)}" ${statusOf(exchange)} ${sentBytes || '-'} ${quoted}`
}

/** `26/Nov/2026:02:41:26 +0000`. */
function dateText(wallMs: number): string {
  const [, day, month, year, time] = new Date(wallMs).toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}

/** No client writes a line of its own, or ends a text before its end. */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f"\\\u007f-\uffff]/g, (char) => {
    return char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
