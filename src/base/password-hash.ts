import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

import { AgentError } from './agent-error.js'

/** What one check of a password costs: 128 · 2^logN · r bytes of memory, and time that grows with each of them. */
interface Cost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** Of a hash that stands in a file, the salt and the key that the password must give. */
export interface PasswordHash extends Cost {
  readonly salt: Buffer
  readonly key: Buffer
}

/** 16 MiB for each check, so that a gateway can do several; as dear as 128 MiB with one pass (OWASP, Password Storage). */
const usual: Cost = { logN: 14, r: 8, p: 5 }

/** No line of a file makes a check take more. */
const dearest = { logN: 18, r: 32, p: 16, memory: 256 * 2 ** 20 }

const saltBytes = 16
const keyBytes = 32

/** The form of the hashes: scrypt's numbers, the salt and the key in base64 without its padding, as PHC strings have them. */
const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{16,128})\$([\w+/-]{16,128})$/

/** Throws an AgentError PASSWORD_HASH, which does not show the text. */
export function parsePasswordHash(text: string): PasswordHash {
  const [, logN, r, p, salt = '', key = ''] = form.exec(text) ?? []
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) }
  if (!isPayable(cost))
    throw new AgentError('PASSWORD_HASH', 'expected a hash $scrypt$ln=…,r=…,p=…$SALT$KEY as sluice password prints it')
  return { ...cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') }
}

export async function hashPassword(password: string, cost: Cost = usual): Promise<string> {
  const salt = randomBytes(saltBytes)
  const key = await derive(password, { ...cost, salt }, keyBytes)
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(key)}`
}

/** Takes a fraction of a second of another thread. */
export async function isPassword(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash, hash.key.length), hash.key)
}

function derive(password: string, { logN, r, p, salt }: Omit<PasswordHash, 'key'>, bytes: number): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 2 * memoryOf({ logN, r, p }) }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function isPayable({ logN, r, p }: Cost): boolean {
  const isWithin = logN >= 1 && logN <= dearest.logN && r >= 1 && r <= dearest.r && p >= 1 && p <= dearest.p
  return isWithin && memoryOf({ logN, r, p }) <= dearest.memory
}

function memoryOf({ logN, r, p }: Cost): number {
  return 128 * r * (2 ** logN + p)
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
