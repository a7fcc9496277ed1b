/** Of the IANA's list of media types, what pages, dashboards and downloads are made of. */
const known: { readonly [ending: string]: string } = {
  avif: 'image/avif',
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/vnd.microsoft.icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  log: 'text/plain',
  map: 'application/json',
  md: 'text/markdown',
  mjs: 'text/javascript',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  ttf: 'font/ttf',
  txt: 'text/plain',
  wasm: 'application/wasm',
  wav: 'audio/wav',
  webm: 'video/webm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xhtml: 'application/xhtml+xml',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
}

/** What a file is, by the ending of its name; text is in UTF-8. */
export function mediaTypes(more: { readonly [ending: string]: string } = {}): (name: string) => string {
  const types = new Map([...Object.entries(known), ...Object.entries(more).map(withoutDot)])
  return (name) => {
    const type = types.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'application/octet-stream'
    return type.startsWith('text/') && !type.includes(';') ? `${type}; charset=utf-8` : type
  }
}

function withoutDot([ending, type]: readonly [string, string]): [string, string] {
  return [ending.replace(/^\./, '').toLowerCase(), type]
}
