import { readFileSync } from 'node:fs'

/** A network interface as the kernel tells of it now. */
export interface Link {
  readonly index: number
  readonly up: boolean
  /** Whether it takes frames of CAN FD. */
  readonly fd: boolean
}

const networkInterfaces = '/sys/class/net'

/** if_arp.h: ARPHRD_CAN. */
const canType = 280

/** linux/can.h: CANFD_MTU; what takes longer frames takes these too. */
const fdMtu = 72

/** if.h: IFF_UP. */
const upFlag = 1

/** Undefined where there is no CAN interface of this name. */
export function readLink(name: string): Link | undefined {
  try {
    if (numberIn(name, 'type') !== canType) return undefined
    const up = (numberIn(name, 'flags') & upFlag) !== 0
    return { index: numberIn(name, 'ifindex'), up, fd: numberIn(name, 'mtu') >= fdMtu }
  } catch {
    return undefined // it may go away between two readings, which is the same as being absent
  }
}

function numberIn(name: string, file: string): number {
  return Number(readFileSync(`${networkInterfaces}/${name}/${file}`, 'latin1'))
}
