import type { NetworkInterfaceInfo } from 'node:os'
import type { EventRecord, Value } from 'sluice/plugin'
import type { Systeminformation } from 'systeminformation'

export interface Facts {
  readonly system: Systeminformation.SystemData
  readonly board: Systeminformation.BaseboardData
  readonly firmware: Systeminformation.BiosData
  readonly os: Systeminformation.OsData
  readonly cpu: Systeminformation.CpuData
  readonly disks: readonly Systeminformation.DiskLayoutData[]
  readonly interfaces: { readonly [name: string]: NetworkInterfaceInfo[] | undefined }
}

/** The facts worth sending, under names of our own, so that a record does not change with the package that found them. */
export function inventoryRecord(facts: Facts, serials: boolean): EventRecord {
  return {
    system: systemOf(facts.system, serials),
    board: known({
      manufacturer: facts.board.manufacturer,
      model: facts.board.model,
      version: facts.board.version,
      serial: serials ? facts.board.serial : undefined,
    }),
    firmware: known({
      vendor: facts.firmware.vendor,
      version: facts.firmware.version,
      released: facts.firmware.releaseDate,
    }),
    os: osOf(facts.os),
    cpu: cpuOf(facts.cpu),
    disks: facts.disks.map((disk) => diskOf(disk, serials)),
    interfaces: Object.entries(facts.interfaces).flatMap(([name, found]) => interfaceOf(name, found, serials)),
  }
}

function systemOf(system: Systeminformation.SystemData, serials: boolean): EventRecord {
  return known({
    manufacturer: system.manufacturer,
    model: system.model,
    version: system.version,
    virtual: system.virtual,
    serial: serials ? system.serial : undefined,
    uuid: serials ? system.uuid : undefined,
  })
}

function osOf({ distro, release, codename, kernel, arch, hostname }: Systeminformation.OsData): EventRecord {
  return known({ distribution: distro, release, codename, kernel, arch, hostname })
}

function cpuOf(cpu: Systeminformation.CpuData): EventRecord {
  return known({
    manufacturer: cpu.manufacturer,
    model: cpu.brand,
    cores: cpu.cores,
    physical_cores: cpu.physicalCores,
    max_ghz: cpu.speedMax,
  })
}

function diskOf(disk: Systeminformation.DiskLayoutData, serials: boolean): EventRecord {
  return known({
    device: disk.device,
    type: disk.type,
    vendor: disk.vendor,
    model: disk.name,
    bytes: disk.size,
    interface: disk.interfaceType,
    firmware: disk.firmwareRevision,
    serial: serials ? disk.serialNum : undefined,
  })
}

/** Nothing for the interface that leads back to the machine itself. */
function interfaceOf(
  name: string,
  addresses: readonly NetworkInterfaceInfo[] | undefined,
  serials: boolean,
): EventRecord[] {
  const first = addresses?.[0]
  if (!addresses || !first || first.internal) return []
  const mac = serials ? first.mac : undefined
  return [{ name, addresses: addresses.map(({ cidr, address }) => cidr ?? address), ...known({ mac }) }]
}

const unknown: ReadonlySet<Value> = new Set([null, '', '-', 0])

/** What firmware leaves empty, or fills with a dash, is not known; neither is a size or a speed of zero. */
function known(facts: { readonly [name: string]: Value | undefined }): EventRecord {
  const record: Record<string, Value> = {}
  for (const [name, fact] of Object.entries(facts)) {
    const value = typeof fact === 'string' ? fact.trim() : fact
    if (value !== undefined && !unknown.has(value)) record[name] = value
  }
  return record
}
