import { createHash, timingSafeEqual } from 'node:crypto'

/** Salts and nonces are bytes that need not be text. */
export type Text = string | Uint8Array

/**
 * What shows that one side knows the shared key: SHA-512 in hex of salt, host name, nonce and key. PING has the name of the
 * client in it, PONG that of the server (Fluentd Forward Protocol Specification v1, "PING", "PONG").
 */
export function sharedKeyDigest(salt: Text, hostname: string, nonce: Text, key: string): string {
  return sha512([salt, hostname, nonce, key])
}

/** What shows that a client knows the password of a user ("PING"). */
export function passwordDigest(authSalt: Text, user: string, password: string): string {
  return sha512([authSalt, user, password])
}

/** Whether two digests are the same, in a time that tells nothing of where they differ. */
export function sameDigest(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function sha512(parts: readonly Text[]): string {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
