import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of Debian that tests talk to: command → the package it comes in. */
export const peerPackages = {
  mosquitto: 'mosquitto',
  mosquitto_sub: 'mosquitto-clients',
  mosquitto_pub: 'mosquitto-clients',
  nginx: 'nginx-light',
  logrotate: 'logrotate',
  script: 'bsdutils',
  influxd: 'influxdb',
  prometheus: 'prometheus',
  curl: 'curl',
  openssl: 'openssl',
  h2load: 'nghttp2-client',
  nghttp: 'nghttp2-client',
  'systemd-socket-activate': 'systemd',
  promtool: 'prometheus',
} as const

export type PeerName = keyof typeof peerPackages

export interface Peer {
  /** Where the program is; only its name where it is missing. */
  readonly path: string
  /** Why tests that need it are skipped, for `test(name, { skip: peer.skip }, …)`; false where it is there. */
  readonly skip: false | string
}

/** Debian keeps daemons out of the PATH of ordinary users. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']

export function peer(name: PeerName): Peer {
  const path = folders.map((folder) => join(folder, name)).find(isProgram)
  if (path !== undefined) return { path, skip: false }
  return { path: name, skip: `${name} is missing; it comes with the Debian package ${peerPackages[name]}` }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // whatever keeps it from being run, it is no peer
  }
}
