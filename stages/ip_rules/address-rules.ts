import { AddressSet } from 'sluice/net'

export interface AddressRules {
  readonly allow: readonly string[] | undefined
  readonly deny: readonly string[] | undefined
  readonly allow_unix: boolean
}

/** Whether an address is let in: `deny` wins, and a list of those who are let in keeps all others out. Throws an AgentError. */
export function addressRules({ allow = [], deny = [], allow_unix }: AddressRules): (address: string) => boolean {
  const allowed = new AddressSet('allow', allow)
  const denied = new AddressSet('deny', deny)
  return (address) => {
    if (address === '') return allow_unix
    return !denied.has(address) && (allow.length === 0 || allowed.has(address))
  }
}
