import { namesIn, parentOf, placeOf, textOf } from 'sluice/host'
import type { Channel, Device, Kind } from './device.js'
import { hwmonChannels } from './kinds/hwmon.js'
import { iioChannels } from './kinds/iio.js'
import { ledChannels, powerChannels, thermalChannels, w1Channels } from './kinds/others.js'

interface Place {
  readonly folder: string
  /** The file with the name that the driver gives; without one the folder's own name is meant for people. */
  readonly name?: string
  /** What a device hangs on; by its link `device` unless given. */
  readonly parent?: (folder: string) => string | undefined
  readonly channels: (folder: string, files: readonly string[]) => Channel[]
}

const places: { readonly [K in Kind]: Place } = {
  hwmon: { folder: 'class/hwmon', name: 'name', channels: hwmonChannels },
  thermal: { folder: 'class/thermal', name: 'type', channels: thermalChannels },
  iio: { folder: 'bus/iio/devices', name: 'name', parent: placeOf, channels: iioChannels },
  w1: { folder: 'bus/w1/devices', channels: w1Channels },
  power_supply: { folder: 'class/power_supply', channels: powerChannels },
  leds: { folder: 'class/leds', channels: ledChannels },
}

/** The devices of a kind that sysfs shows now; those that measure nothing, such as cooling devices and bus masters, left out. */
export function findDevices(root: string, kind: Kind): Device[] {
  const place = places[kind]
  return namesIn(`${root}/${place.folder}`).flatMap((entry) => {
    const folder = `${root}/${place.folder}/${entry}`
    const channels = place.channels(folder, namesIn(folder))
    if (channels.length === 0) return []
    const name = place.name === undefined ? entry : textOf(`${folder}/${place.name}`)
    return [{ kind, name: name ?? entry, device: (place.parent ?? parentOf)(folder) ?? entry, folder, channels }]
  })
}
