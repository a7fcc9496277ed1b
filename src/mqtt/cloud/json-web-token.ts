import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { AgentError, messageOf } from '../../plugin/errors.js'

export interface Claims {
  readonly aud: string
  /** Seconds since 1970. */
  readonly iat: number
  readonly exp: number
}

/** A JSON Web Token (RFC 7519), signed by RS256 or ES256 (RFC 7518, sections 3.3 and 3.4), as the key wants it. */
export function jsonWebToken(claims: Claims, pem: Uint8Array): string {
  const key = privateKey(pem)
  const alg = algorithmOf(key)
  const text = `${encoded({ alg, typ: 'JWT' })}.${encoded(claims)}`
  // RFC 7518 wants the two numbers of an ES256 signature side by side, not as ASN.1.
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

function privateKey(pem: Uint8Array): KeyObject {
  try {
    return createPrivateKey(Buffer.from(pem))
  } catch (error) {
    throw new AgentError('MQTT_TOKEN_KEY', `jwt.key_file: ${messageOf(error)}`, { cause: error })
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): 'RS256' | 'ES256' {
  if (asymmetricKeyType === 'rsa') return 'RS256'
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new AgentError('MQTT_TOKEN_KEY', `jwt.key_file: expected a key of RSA or P-256, got ${asymmetricKeyType}`)
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
