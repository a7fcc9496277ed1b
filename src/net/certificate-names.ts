import type { X509Certificate } from 'node:crypto'

/** Its common name, then its DNS and URI names. */
export function certificateNames(certificate: X509Certificate | undefined): readonly string[] {
  if (!certificate) return []
  const { subject, subjectAltName } = certificate
  // One attribute a line; a subject that has none is undefined, whatever the types say.
  const commonNames = ((subject as string | undefined) ?? '').split('\n').filter((line) => line.startsWith('CN='))
  return [...new Set([...commonNames.map((line) => line.slice('CN='.length)), ...alternatives(subjectAltName ?? '')])]
}

/** `DNS:a.example, URI:"urn:with, comma"`: Node quotes names that could be taken for several. */
function alternatives(text: string): string[] {
  const names = [...text.matchAll(/(\w[\w ]*):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy)]
  return names.flatMap(([, kind, name = '']) =>
    kind === 'DNS' || kind === 'URI' ? [name.startsWith('"') ? String(JSON.parse(name)) : name] : [],
  )
}
