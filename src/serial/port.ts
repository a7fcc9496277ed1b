import type { Duplex } from 'node:stream'

/** An open device, as a backend makes it. */
export interface Port {
  readonly backend: 'tty' | 'serialport'
  /** Bytes both ways, raw. It ends, closes or fails when the device is gone. */
  readonly stream: Duplex
  /** Frees the device. Output that nobody takes any more does not hold it up. */
  close(): Promise<void>
}
