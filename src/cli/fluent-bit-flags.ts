const restart = 'let systemd keep the agent running, with Restart=always'
const safe = 'leave it out, since a reload waits for what is under way'
const tracing = 'add -o stdout to see what flows'
const report = 'there is no such report; -v logs more'

/** Flags of Fluent Bit's command line that Sluice does not have, and what to do instead. */
const advice: { readonly [flag: string]: string } = {
  '-C': 'there are no such plugins',
  '--custom': 'there are no such plugins',
  '-d': 'let systemd start the agent in the background',
  '--daemon': 'let systemd start the agent in the background',
  '-e': 'plugins are found in their folders',
  '--plugin': 'plugins are found in their folders',
  '-J': 'write `sluice schema`',
  '--schema': 'write `sluice schema`',
  '--parser': 'write --parsers or -R',
  '--storage_path': 'write --storage or -b',
  '-s': 'there are no coroutines to give a stack',
  '--coro_stack_size': 'there are no coroutines to give a stack',
  '-S': report,
  '--sosreport': report,
  '--supervisor': restart,
  '-T': 'there is no stream processor; write filters instead',
  '--sp-task': 'there is no stream processor; write filters instead',
  '-w': 'change the directory before the start: cd DIR',
  '--workdir': 'change the directory before the start: cd DIR',
  '-W': safe,
  '--disable-thread-safety-on-hot-reload': safe,
  '-Z': tracing,
  '--enable-chunk-trace': tracing,
  '--trace': tracing,
  '--trace-input': tracing,
  '--trace-output': tracing,
  '--trace-output-property': tracing,
  '--enable-fips': 'start the agent with a Node.js that is built for FIPS',
}

/** What a user of Fluent Bit does instead of giving this flag. */
export function flagAdvice(flag: string): string | undefined {
  return Object.hasOwn(advice, flag) ? advice[flag] : undefined
}
