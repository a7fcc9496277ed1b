/** Where to connect to, or to listen. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string }

/** What a text option must be that is a host: without a scheme, and without a port. */
export const hostForm = {
  pattern: String.raw`^([^\s/:[\]]+|[\da-fA-F.]*(:[\da-fA-F.]*){2,}(%[^\s/]+)?)$`,
  expects: 'a host name or an address, with no scheme and no port',
} as const

/** `host:port`, `[::1]:port`, or the path of a unix socket. */
export function targetText(target: Target): string {
  if ('path' in target) return target.path
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}
