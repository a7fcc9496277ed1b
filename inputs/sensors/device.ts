/** One value of a device: what its file says, as a number `(n + offset) * scale / divisor`, or as a word. */
export interface Channel {
  /** Its label, or the name that the kernel gives it. */
  readonly name: string
  /** Unit of the value; undefined where it has none. */
  readonly unit?: string | undefined
  /** In the folder of the device. */
  readonly file: string
  /** `choice` is a list with the chosen word in brackets; `w1_slave` is the memory of a thermometer, with its checksum. */
  readonly form: 'number' | 'text' | 'choice' | 'w1_slave'
  readonly scale?: number
  readonly offset?: number
  readonly divisor?: number
}

/** A device as sysfs shows it. All plain: two that are equal are the same device. */
export interface Device {
  readonly kind: Kind
  /** What the driver calls it; several may have the same. */
  readonly name: string
  /** What it hangs on, such as `nvme0` or `0-0076`, which stays from boot to boot where numbers do not. */
  readonly device: string
  readonly folder: string
  readonly channels: readonly Channel[]
}

export const kinds = ['hwmon', 'thermal', 'iio', 'w1', 'power_supply', 'leds'] as const

export type Kind = (typeof kinds)[number]
