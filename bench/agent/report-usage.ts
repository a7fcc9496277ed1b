/** Loaded into a process with `--import`: writes its CPU time and largest memory to descriptor 3 when it ends. */

import { writeSync } from 'node:fs'

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, peakKiB: maxRSS }))
})
