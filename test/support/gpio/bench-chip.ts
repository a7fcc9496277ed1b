import { openSync, writeFileSync, writeSync } from 'node:fs'
import { benchRegisters } from '../qemu/bench-registers.js'

/** A register, a word for each line (linux drivers/pinctrl/pinctrl-amd.h): in the guest they are plain memory. */
const level = 1 << 16
const pending = 1 << 28
const whichLines = 0x2f8 / 4

/** Writing here pulls the interrupt line of the chip (qemu hw/misc/pc-testdev.c). */
const interruptPort = 0x2000 + 5

/**
 * The GPIO chip of the guest: the kernel's driver of AMD's chips, over a device of qemu that remembers what is written to it and pulls
 * interrupt lines when it is told to. Four lines: `flow`, `door`, one without a name, `heater`.
 */
export class BenchChip {
  readonly label = 'AMDI0030:00'
  readonly #ports = openSync('/dev/port', 'r+')
  readonly #registers = benchRegisters()

  constructor() {
    this.#registers[whichLines] = 1 // the first four lines have something to tell
  }

  /** Sets a level, and says that nothing else has something to tell: that is what `pulse` tells of. */
  set(line: number, value: number): void {
    for (const each of [0, 1, 2, 3]) {
      const before = (this.#registers[each] ?? 0) & ~pending
      this.#registers[each] = each === line ? (before & ~level) | (value === 1 ? level : 0) | pending : before
    }
  }

  /** Pulls the interrupt line, so many times. */
  pulse(times = 1): void {
    for (let count = 0; count < times; count++) {
      writeSync(this.#ports, Uint8Array.of(1), 0, 1, interruptPort)
      writeSync(this.#ports, Uint8Array.of(0), 0, 1, interruptPort)
    }
  }

  edge(line: number, value: number): void {
    this.set(line, value)
    this.pulse()
  }

  /** The driver lets go of the chip, as when one on USB is pulled out. */
  remove(): void {
    writeFileSync('/sys/bus/platform/drivers/amd_gpio/unbind', this.label)
  }

  insert(): void {
    writeFileSync('/sys/bus/platform/drivers/amd_gpio/bind', this.label)
    this.#registers[whichLines] = 1
  }
}
