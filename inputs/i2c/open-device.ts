import { openSync } from 'node:fs'
import { type Libc, LibcError } from 'sluice/libc'
import { AgentError, messageOf } from 'sluice/plugin'
import type { I2cDevice } from './bus.js'
import { plainDevice } from './i2c-device.js'
import { smbusDevice } from './smbus-device.js'

/** linux/i2c-dev.h: says which device is meant, and is refused while a driver of the kernel has it. */
const I2C_SLAVE = 0x0703

export interface DeviceAddress {
  /** Path of the bus, such as `/dev/i2c-1`. */
  readonly path: string
  readonly address: number
  readonly protocol: 'i2c' | 'smbus'
}

/** Throws an AgentError: `I2C_NO_BUS`, `I2C_BUSY`, or what the C library answered. */
export function openDevice(libc: Libc, { path, address, protocol }: DeviceAddress): I2cDevice {
  const descriptor = openBus(path)
  try {
    libc.ioctl(descriptor, I2C_SLAVE, address)
  } catch (error) {
    libc.close(descriptor)
    throw error instanceof LibcError && error.reason === 'EBUSY' ? busy(path, address, error) : error
  }
  return protocol === 'smbus' ? smbusDevice(libc, descriptor) : plainDevice(libc, descriptor, address)
}

function openBus(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (cause) {
    const advice = 'load the module i2c-dev, look at the number, and let this user be of the group i2c'
    throw new AgentError('I2C_NO_BUS', `${path}: expected an I2C bus, got "${messageOf(cause)}"; ${advice}`, { cause })
  }
}

function busy(path: string, address: number, cause: Error): AgentError {
  const message = `0x${address.toString(16)} on ${path}: expected a device that is free, got one that a driver of the kernel has`
  return new AgentError('I2C_BUSY', `${message}; read it with the input "sensors"`, { cause })
}
