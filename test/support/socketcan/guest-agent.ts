/* What runs in the guest once its interfaces are there: the whole agent, from the bus to a log, stopped right behind the last frame. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { until } from '../bus-reader.js'
import { carInput, startCar } from './guest-car.js'
import { candump, receivers, run, sameLine, sendAll, textOf } from './guest-shell.js'

const folder = '/tmp/agent'

/** Under emulation code that V8 compiles is translated once more: without, the agent starts in half the time. */
const flags = ['--no-opt', '--no-sparkplug']
const burst = 500

const texts = ['123#1122334455667788', '123#R', '18FEF100#0102', '00000123#05', `1F334455##1${'A5'.repeat(64)}`, '7FF#']

const config = `
service: {flush: 200ms, grace: 20s}
pipeline:
  inputs:
    - {name: can, tag: bus, interfaces: [vcan0], states: off}${carInput}
  outputs:
    - {name: file, match: bus, path: ${folder}, file: drive.log, format: candump}
    - {name: file, match: 'car*', path: ${folder}, file: car.log, format: plain}
`

mkdirSync(folder)
const car = startCar(`${folder}/car.log`)
writeFileSync(`${folder}/sluice.yaml`, config)
const agent = spawn(process.execPath, [...flags, 'dist/src/cli/main.js', 'run', '-c', `${folder}/sluice.yaml`], {
  stdio: ['ignore', 'pipe', 'pipe'],
})
let told = ''
await new Promise<void>((resolve) => {
  for (const stream of [agent.stdout, agent.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (told.includes('state=active')) resolve()
    })
  }
  agent.once('exit', () => resolve())
})
await until(() => receivers() > 0, `the agent listens: ${told}`)
process.stdout.write(`@car ${JSON.stringify({ lines: await car.lines(() => told) })}\n`)
const { child, listens } = candump('-r', '4000000', '-n', String(texts.length + burst))
const printed = textOf(child)
await listens
// The agent is held still meanwhile: it hears of its end and of the frames at once, with all of them waiting in the kernel.
agent.kill('SIGSTOP')
sendAll(texts)
run('cangen', 'vcan0', '-m', '-g', '0', '-p', '10', '-n', String(burst))
agent.kill('SIGTERM')
agent.kill('SIGCONT')
const [exitCode] = await once(agent, 'exit')
const seen = (await printed).trim().split('\n')
const log = readFileSync(`${folder}/drive.log`, 'utf8')
  .trim()
  .replaceAll(/ [RT]$/gm, '')
  .split('\n')
const different = seen.findIndex((line, index) => !sameLine(log[index] ?? '', line))
const result = {
  exitCode,
  frames: log.length,
  of: seen.length,
  different,
  own: log[different],
  log: seen[different],
  told,
}
process.stdout.write(`@agent ${JSON.stringify(result)}\n`)
