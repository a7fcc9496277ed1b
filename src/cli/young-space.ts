import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8's space for young objects grow no larger than starting made it, a few MiB. What sockets read lies outside of it, 64 KiB a
 * read, and goes when its small objects are collected. In a large space these are seldom collected, so that the bytes pile up, and V8
 * marks the whole heap again and again to be rid of them: a quarter of the CPU of a relay, and a quarter of its memory.
 *
 * The factor is looked at whenever the space is to grow, so it can be set while V8 runs; the largest size cannot.
 */
export function holdYoungSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
