import { constants } from 'node:os'

import { DescriptorWatch } from './descriptor-watch.js'
import type { Koffi } from './koffi.js'
import type { Libc } from './libc.js'
import { LibcError } from './libc-error.js'

/** socket(2): SOCK_NONBLOCK and SOCK_CLOEXEC. */
const withoutBlocking = 0o4000 | 0o2000000

/** recvmmsg(2): MSG_DONTWAIT. */
const dontWait = 0x40

/** What recvmmsg(2) fails with where nothing waits, or a signal came first. */
const nothingYet: readonly number[] = [constants.errno.EAGAIN, constants.errno.EINTR]

/** Declares the calls in C, with types that koffi knows: `long` and `unsigned long` for ssize_t and size_t. */
export function declareCalls(koffi: Koffi): Libc {
  const strerror = koffi.load(null).func('const char *strerror(int)')
  const checked: Checked = (call, answer) => {
    const number = Number(answer)
    if (number >= 0) return number
    const errno = koffi.errno()
    throw new LibcError(call, errno, String(strerror(errno)))
  }
  return {
    ...socketCalls(koffi, checked),
    watch: (descriptor) => new DescriptorWatch(koffi, descriptor),
    addressOf: (memory) => koffi.address(memory),
  }
}

/** What a call answered; throws where that is -1. */
type Checked = (call: string, answer: unknown) => number

function socketCalls(koffi: Koffi, checked: Checked): Omit<Libc, 'watch' | 'addressOf'> {
  const library = koffi.load(null)
  const socket = library.func('int socket(int, int, int)')
  const bind = library.func('int bind(int, const void *, unsigned int)')
  const connect = library.func('int connect(int, const void *, unsigned int)')
  const setsockopt = library.func('int setsockopt(int, int, int, const void *, unsigned int)')
  const ioctl = library.func('int ioctl(int, unsigned long, void *)')
  const write = library.func('long write(int, const void *, unsigned long)')
  const recvmmsg = library.func('int recvmmsg(int, void *, unsigned int, int, void *)')
  const close = library.func('int close(int)')
  return {
    socket: (family, type, protocol) => checked('socket', socket(family, type | withoutBlocking, protocol)),
    bind: (descriptor, address) => void checked('bind', bind(descriptor, address, address.length)),
    connect: (descriptor, address) => void checked('connect', connect(descriptor, address, address.length)),
    setOption(descriptor, level, name, value) {
      const bytes = typeof value === 'number' ? new Uint8Array(Int32Array.of(value).buffer) : value
      checked('setsockopt', setsockopt(descriptor, level, name, bytes, bytes.length))
    },
    ioctl(descriptor, request, argument) {
      const word = typeof argument === 'number' ? BigInt(argument) : argument
      return checked('ioctl', ioctl(descriptor, request, word))
    },
    write: (descriptor, bytes) => checked('write', write(descriptor, bytes, bytes.length)),
    receiveMessages(descriptor, headers, count) {
      const received = recvmmsg(descriptor, headers, count, dontWait, null)
      return received === -1 && nothingYet.includes(koffi.errno()) ? 0 : checked('recvmmsg', received)
    },
    close: (descriptor) => void checked('close', close(descriptor)),
  }
}
