/* ECUs in the guest whose transport is the kernel's own (module can-isotp): no code of this house takes part in it. */
import { readFileSync, readSync } from 'node:fs'
import { type Libc, littleEndian, loadLibc } from '../../../src/libc/index.js'
import { bytesOf, hexOf } from '../can-frames.js'
import type { Answers } from '../ecu.js'

/** linux/can.h: AF_CAN, SOCK_DGRAM, CAN_ISOTP. */
const family = 29
const datagrams = 2
const isotp = 6

/** linux/can/isotp.h: SOL_CAN_ISOTP, CAN_ISOTP_OPTS, and what is asked of frames that come and go: all have 8 bytes, filled alike. */
const level = 106
const options = 1
const padding = 0xcc
const isPadded = 0x04 | 0x08 | 0x10 | 0x20

const functional = 0x7df
const longestRequest = 4095

/** An ECU of identifiers of 11 bits: 0 is the engine, which hears 7DF and 7E0 and answers from 7E8. Until the signal is aborted. */
export async function kernelEcu(name: string, number: number, answers: Answers, signal: AbortSignal): Promise<void> {
  const libc = await loadLibc()
  const answersFrom = 0x7e8 + number
  const index = Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
  const own = isotpSocket(libc, index, { hears: 0x7e0 + number, answersFrom })
  const ofAll = isotpSocket(libc, index, { hears: functional, answersFrom })
  const serve = async (descriptor: number): Promise<void> => {
    const watch = libc.watch(descriptor)
    const request = new Uint8Array(longestRequest)
    for (;;) {
      await watch.readable(signal)
      if (signal.aborted) return watch.close()
      const length = readRequest(descriptor, request)
      const answer = answers[hexOf(request.subarray(0, length))]
      if (typeof answer === 'string') libc.write(own, bytesOf(answer))
    }
  }
  await Promise.all([own, ofAll].map(serve))
  for (const descriptor of [own, ofAll]) libc.close(descriptor)
}

/** The kernel tells here too that an answer did not get through, as when its flow control came late: then there is no request. */
function readRequest(descriptor: number, into: Uint8Array): number {
  try {
    return readSync(descriptor, into)
  } catch {
    return 0
  }
}

function isotpSocket(libc: Libc, index: number, ids: { readonly hears: number; readonly answersFrom: number }): number {
  const descriptor = libc.socket(family, datagrams, isotp)
  const settings = new DataView(new ArrayBuffer(12))
  settings.setUint32(0, isPadded, littleEndian)
  settings.setUint8(9, padding)
  settings.setUint8(10, padding)
  libc.setOption(descriptor, level, options, new Uint8Array(settings.buffer))
  const address = new DataView(new ArrayBuffer(24))
  address.setUint16(0, family, littleEndian)
  address.setInt32(4, index, littleEndian)
  address.setUint32(8, ids.hears, littleEndian)
  address.setUint32(12, ids.answersFrom, littleEndian)
  libc.bind(descriptor, new Uint8Array(address.buffer))
  return descriptor
}
