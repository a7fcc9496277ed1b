import { readFile } from 'node:fs/promises'

import { AgentError } from '../plugin/errors.js'

export interface OwnerIds {
  /** -1 leaves it as it is. */
  readonly uid: number
  readonly gid: number
}

/** `USER`, `USER:GROUP` or `:GROUP`, by name or number. Throws an AgentError `NET_OWNER` for a name that there is not. */
export async function idsOf(owner: string): Promise<OwnerIds> {
  const [user = '', group = ''] = owner.split(':')
  return { uid: await idIn('/etc/passwd', 'user', user), gid: await idIn('/etc/group', 'group', group) }
}

/** Both files have lines `NAME:PASSWORD:ID:…` (passwd(5), group(5)); Node has no other way to ask. */
async function idIn(file: string, what: string, name: string): Promise<number> {
  if (name === '') return -1
  if (/^\d+$/.test(name)) return Number(name)
  const lines = (await readFile(file, 'utf8')).split('\n')
  const fields = lines.map((line) => line.split(':')).find(([each]) => each === name)
  if (fields?.[2] === undefined) throw new AgentError('NET_OWNER', `owner: there is no ${what} "${name}" in ${file}`)
  return Number(fields[2])
}
