import { resolve } from 'node:path'
import { defineStage } from 'sluice/http'
import { partOf } from 'sluice/net'
import { AgentError, duration, integer, list, map, size, text } from 'sluice/plugin'
import { CgiStage } from './cgi-stage.js'

export default defineStage({
  summary: 'Runs a program for each request, by CGI.',
  options: {
    command: list('The program and its arguments; no shell sees it. By default the script itself is run.'),
    root: text(
      'Folder of scripts. Without `command` a script must be executable. By default `command` takes all requests.',
    ),
    env: map('Further variables of its environment, besides those of CGI and `PATH`.', { default: {} }),
    timeout: duration('A run that takes longer is ended.', { default: '30s', minimum: 10 }),
    max_processes: integer('Runs at once; further requests get a 503.', { default: 8, minimum: 1, maximum: 1000 }),
    max_body_size: size('Longest body that is passed on; longer ones get a 413. By default that of the server.'),
    max_output_size: size('Most that a run may write; one that writes more is ended.', { default: '32MiB' }),
  },
  shared: true,
  create(options, context) {
    const { command = [], root } = options
    if (command.length === 0 && root === undefined)
      throw new AgentError('CGI_NOTHING', 'expected a command, a root or both; say what is to be run')
    return new CgiStage(
      {
        path: options.path,
        command,
        // A script runs in its own folder, from which a relative path would lead elsewhere.
        root: root === undefined ? undefined : resolve(root),
        env: options.env,
        timeoutMs: options.timeout,
        mostProcesses: partOf(options.max_processes, context.workers),
        bodyBytes: options.max_body_size,
        outputBytes: options.max_output_size,
      },
      context,
    )
  },
})
