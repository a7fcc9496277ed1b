import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Programs of Debian that tests talk to: command → the package it comes in, and others that it needs. What is no command, such as a
 * library, has the path of a folder of its package instead.
 */
export const peerPackages = {
  mosquitto: 'mosquitto',
  mosquitto_sub: 'mosquitto-clients',
  mosquitto_pub: 'mosquitto-clients',
  nginx: 'nginx-light libnginx-mod-stream',
  haproxy: 'haproxy',
  'php-cgi': 'php-cgi',
  'php-fpm': 'php-fpm',
  logrotate: 'logrotate',
  log2asc: 'can-utils',
  asc2log: 'can-utils',
  log2long: 'can-utils',
  script: 'bsdutils',
  influxd: 'influxdb',
  prometheus: 'prometheus',
  curl: 'curl',
  openssl: 'openssl',
  nc: 'netcat-openbsd',
  socat: 'socat',
  rsyslogd: 'rsyslog-openssl',
  h2load: 'nghttp2-client python3-h2',
  nghttp: 'nghttp2-client',
  tinyproxy: 'tinyproxy',
  'systemd-socket-activate': 'systemd',
  'systemd-notify': 'systemd',
  promtool: 'prometheus',
  'redis-server': 'redis-server',
  mariadbd: 'mariadb-server',
  'mariadb-install-db': 'mariadb-server',
  nbdfuse: 'libnbd-bin fuse3',
  nbdkit: 'nbdkit',
  initdb: 'postgresql',
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cansend: 'can-utils',
  cangen: 'can-utils',
  candump: 'can-utils',
  gpsd: 'gpsd',
  'pymodbus.server': 'python3-pymodbus python3-serial python3-serial-asyncio',
  collectd: 'collectd-core libyajl2',
  '/usr/lib/python3/dist-packages/elasticsearch': 'python3-elasticsearch',
  '/usr/share/doc/rsyslog-elasticsearch': 'rsyslog-elasticsearch',
} as const

export type PeerName = keyof typeof peerPackages

export interface Peer {
  /** Where the program is; only its name where it is missing. */
  readonly path: string
  /** Why tests that need it are skipped, for `test(name, { skip: peer.skip }, …)`; false where it is there. */
  readonly skip: false | string
}

/** Debian keeps daemons out of the PATH of ordinary users. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', ...postgresFolders()]

export function peer(name: PeerName): Peer {
  const places = name.startsWith('/') ? [name] : folders.flatMap((folder) => candidates(folder, name))
  const path = places.find(isProgram)
  if (path !== undefined) return { path, skip: false }
  return { path: name, skip: `${name} is missing; it comes with the Debian package ${peerPackages[name]}` }
}

/** Debian has each version of PostgreSQL in a place of its own. */
function postgresFolders(): string[] {
  return namesIn('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)
}

/** Debian's own name for a program may have its version behind it, as `php-fpm8.2` has. */
function candidates(folder: string, name: PeerName): string[] {
  const versioned = new RegExp(String.raw`^${name}[\d.]+$`)
  const names = name === 'php-fpm' ? namesIn(folder).filter((each) => versioned.test(each)) : []
  return [name, ...names].map((each) => join(folder, each))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // the PATH may name folders that are not there
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // whatever keeps it from being run, it is no peer
  }
}
