import { openSync } from 'node:fs'
import koffi from 'koffi'

/** Registers of the guest's devices (bench.asl), in words: memory of qemu's pc-testdev. */
export function benchRegisters(): Uint32Array {
  const mmap = koffi.load(null).func('void *mmap(void *, size_t, int, int, int, long)')
  const [readAndWrite, shared, size] = [3, 1, 4096]
  const memory = mmap(null, size, readAndWrite, shared, openSync('/dev/mem', 'r+'), 0xff00_0000)
  return new Uint32Array(koffi.view(memory, size))
}
