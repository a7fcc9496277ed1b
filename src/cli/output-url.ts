import type { PlainInstance } from '../config/plain-config.js'
import { messageOf } from '../plugin/errors.js'
import { refuseUrlParts } from '../plugin/url-parts.js'
import { load, names } from '../registry/registry.js'
import { UsageError } from './direct-form.js'

/**
 * `-o scheme://host:port/path` to an instance of the output named like its scheme; an `s` at the end of the scheme turns TLS on.
 * An output that is unknown is told with the other mistakes of the configuration.
 */
export async function expandOutputUrl(instance: PlainInstance): Promise<PlainInstance> {
  if (!instance.name.includes('://')) return instance
  const { name: address, ...options } = instance
  if (!URL.canParse(address)) {
    throw new UsageError(`-o ${harmless(address)}: expected a URL such as http://127.0.0.1:8080/path`)
  }
  const url = new URL(address)
  const scheme = url.protocol.slice(0, -1)
  const secure = !names('output').includes(scheme) && scheme.endsWith('s')
  const name = secure ? scheme.slice(0, -1) : scheme
  if (!names('output').includes(name)) return { name, ...options }
  const { definition } = await load('output', name)
  const read = optionsOf(address, () => definition.fromUrl?.(url) ?? hostAndPort(url))
  return { name, ...read, ...(secure ? { tls: true } : {}), ...options }
}

type Options = { readonly [option: string]: unknown }

function optionsOf(address: string, read: () => Options): Options {
  try {
    return read()
  } catch (error) {
    const said = error instanceof URIError ? 'expected whole escapes, such as %20 for a blank' : messageOf(error)
    throw new UsageError(`-o ${harmless(address)}: ${said}`)
  }
}

function hostAndPort(url: URL): Options {
  refuseUrlParts(url, ['user', 'path', 'query', 'fragment'])
  return {
    ...(url.hostname ? { host: url.hostname.replace(/^\[|\]$/g, '') } : {}),
    ...(url.port ? { port: Number(url.port) } : {}),
  }
}

/** Without user and password, which may be the very part that is wrong, and without the query. */
function harmless(address: string): string {
  return address.replace(/:\/\/.*@/, '://***@').replace(/\?.*/, '')
}
