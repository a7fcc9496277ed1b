/** What may stand in a path as it is (RFC 3986, section 3.3). */
const plain = /^[\w.~!$&'()*+,;=:@/-]*$/
const escapes = /%([\da-f]{2})/gi
const unescapedOnly = /[^\w.~!$&'()*+,;=:@/%-]/gu
const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * One spelling for all spellings of a path: `/%61dmin` is `/admin` (RFC 3986, section 6.2.2). What is told apart by its path, such as
 * what needs a password, must be so by this one; a path that is passed on stays as it was sent.
 */
export function normalPath(path: string): string {
  if (plain.test(path)) return path
  return path
    .replace(escapes, (escape: string, digits: string) => {
      const char = String.fromCharCode(Number.parseInt(digits, 16))
      return char !== '/' && plain.test(char) ? char : escape.toUpperCase()
    })
    .replace(unescapedOnly, (char) => encodeURIComponent(char))
}

/** Whether a path has `.` or `..` in it, which clients resolve before they ask (RFC 3986, section 5.2.4). */
export function hasDotSegment(path: string): boolean {
  return dotSegment.test(path)
}
