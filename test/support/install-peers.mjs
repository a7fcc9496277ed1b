import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

const policy = '/usr/sbin/policy-rc.d'
const minutes = 60_000

/** Installs what is missing of the programs that tests talk to; says why where it cannot. Tests that lack one are skipped. */
export function installPeers({ peer, peerPackages }) {
  const missing = Object.keys(peerPackages).filter((name) => peer(name).skip)
  if (missing.length === 0) return
  const packages = [...new Set(missing.flatMap((name) => peerPackages[name].split(' ')))]
  const problem = process.getuid?.() === 0 ? install(packages) : 'not root'
  if (problem) console.log(`not installed: ${packages.join(', ')} (${problem})`)
}

/** Tests start their own daemons on free ports: policy-rc.d keeps the packages from starting the system's. */
function install(packages) {
  const ownPolicy = !existsSync(policy)
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return aptGet('update') ?? aptGet('install', '-y', '--no-install-recommends', ...packages)
  } finally {
    if (ownPolicy) rmSync(policy, { force: true })
  }
}

/** What went wrong, if anything. */
function aptGet(...words) {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', [...options, ...words], { env, encoding: 'utf8', timeout: 5 * minutes })
  if (done.status === 0) return undefined
  const lastLine = done.stderr?.trim().split('\n').at(-1)
  return `apt-get ${words[0]}: ${done.error?.message ?? lastLine ?? `exit ${done.status}`}`
}
