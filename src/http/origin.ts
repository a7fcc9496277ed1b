/**
 * Whether a page may open a WebSocket here: browsers let every page on the web try, with the user's cookies, and leave it to the
 * server to refuse (RFC 6455, section 10.2). Clients that are no browsers state no origin.
 */
export function isAllowedOrigin(origin: string | undefined, host: string, allowed: readonly string[]): boolean {
  return (
    origin === undefined || allowed.includes('*') || allowed.includes(origin) || hostOf(origin) === host.toLowerCase()
  )
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
