import { readdirSync } from 'node:fs'
import { KernelFile } from 'sluice/host'

/** One folder `thermal_zone*` (the kernel's Documentation/driver-api/thermal/sysfs-api.rst). */
export interface Zone {
  readonly name: string
  /** What the driver calls it, such as `cpu-thermal`; several zones may be of one type. */
  readonly type: string
  readonly temp: KernelFile
}

/** The zones of the machine, which come and go with their drivers. Each is opened once, as long as it is there. */
export class Zones {
  readonly #folder: string
  #zones = new Map<string, Zone>()

  constructor(root: string) {
    this.#folder = `${root}/class/thermal`
  }

  /** All that there are now, by number; none where the kernel knows no zones. */
  current(): readonly Zone[] {
    const names = zoneNames(this.#folder)
    for (const [name, zone] of this.#zones) if (!names.includes(name)) this.#forget(zone)
    for (const name of names) if (!this.#zones.has(name)) this.#find(name)
    return names.flatMap((name) => this.#zones.get(name) ?? [])
  }

  close(): void {
    for (const zone of this.#zones.values()) zone.temp.close()
  }

  #find(name: string): void {
    const type = textOf(`${this.#folder}/${name}/type`)
    if (type === undefined) return
    this.#zones.set(name, { name, type, temp: new KernelFile(`${this.#folder}/${name}/temp`) })
  }

  #forget(zone: Zone): void {
    zone.temp.close()
    this.#zones.delete(zone.name)
  }
}

const prefix = 'thermal_zone'

function zoneNames(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(prefix))
    return names.sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)))
  } catch {
    return [] // a kernel without thermal zones has no such folder
  }
}

function textOf(path: string): string | undefined {
  const file = new KernelFile(path)
  try {
    return file.read().trim()
  } catch {
    return undefined // the zone went between the listing and this: the next reading sees
  } finally {
    file.close()
  }
}
