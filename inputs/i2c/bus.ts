/** One device on an I2C bus. Each call is a transaction of its own, about a millisecond at the usual 100 kHz; all throw a LibcError. */
export interface I2cDevice {
  write(bytes: Uint8Array): void
  /** Reads bytes of a register, and of those behind it; without a register what the device has to say. */
  read(register: number | undefined, length: number): Uint8Array
  close(): void
}
