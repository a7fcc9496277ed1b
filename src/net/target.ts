/** Where to connect to, or to listen. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string }

/** `host:port`, `[::1]:port`, or the path of a unix socket. */
export function targetText(target: Target): string {
  if ('path' in target) return target.path
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}
