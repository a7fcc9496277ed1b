import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { Libc } from 'sluice/libc'
import { AgentError, type Input, type InputContext, messageOf, toEventTime } from 'sluice/plugin'
import { findDevice, type IioNode } from './find-device.js'
import { chosenElements, scanElements } from './scan-elements.js'
import { ScanEntries } from './scan-entries.js'
import { scanLayout, type ScanLayout } from './scan-layout.js'
import { type BufferSettings, startBuffer, stopBuffer } from './set-up.js'

export interface IioSettings extends BufferSettings {
  readonly tag: string
  readonly device: string
  readonly channels: readonly string[]
  readonly device_path: string
}

/** Most bytes of one read. */
const longestRead = 65_536

export function iioInput(settings: IioSettings, context: InputContext, load: () => Promise<Libc>): Input {
  return {
    async run(signal) {
      const libc = await load()
      const device = findDevice(settings.sysfs_path, settings.device)
      const elements = chosenElements(scanElements(device.folder), settings.channels)
      const descriptor = openNode(`${settings.device_path}/${device.file}`)
      const watch = libc.watch(descriptor)
      try {
        startBuffer(device, elements, settings)
        const buffer = { device, descriptor, layout: scanLayout(elements), readable: () => watch.readable(signal) }
        await drain(buffer, settings, context, signal)
      } finally {
        stopBuffer(device)
        watch.close()
        closeSync(descriptor)
      }
    },
  }
}

interface ScanBuffer {
  readonly device: IioNode
  readonly descriptor: number
  readonly layout: ScanLayout
  readonly readable: () => Promise<void>
}

async function drain(
  { device, descriptor, layout, readable }: ScanBuffer,
  { tag, buffer_length: most }: IioSettings,
  context: InputContext,
  signal: AbortSignal,
): Promise<void> {
  const entries = new ScanEntries(device, layout)
  const bytes = new Uint8Array(layout.size * Math.max(1, Math.min(most, Math.floor(longestRead / layout.size))))
  const view = new DataView(bytes.buffer)
  for (;;) {
    await readable()
    if (signal.aborted) return
    const count = scansOf(descriptor, bytes, device, layout)
    if (count === 0) continue
    const now = toEventTime(context.clock.wall())
    if (!context.emitEntries(tag, entries.of(view, count, now), count)) await context.room()
  }
}

/** Reads what is there, 0 where nothing is. Throws an AgentError: `IIO_LOST`, `IIO_BAD_SCAN`. */
function scansOf(descriptor: number, bytes: Uint8Array, { name }: IioNode, { size }: ScanLayout): number {
  const length = readNow(descriptor, bytes, name)
  if (length % size === 0) return length / size
  throw new AgentError('IIO_BAD_SCAN', `device "${name}": expected whole scans of ${size} bytes, got ${length} bytes`)
}

function readNow(descriptor: number, bytes: Uint8Array, name: string): number {
  let reason = 'its end'
  try {
    const length = readSync(descriptor, bytes)
    if (length > 0) return length
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
    reason = messageOf(error)
  }
  throw new AgentError('IIO_LOST', `device "${name}": expected its buffer to go on, got "${reason}"; it may be gone`)
}

function openNode(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    const message = `${path}: expected a buffer that is free, got "${messageOf(cause)}"; one program can read it at a time`
    throw new AgentError('IIO_NOT_OPENED', message, { cause })
  }
}
