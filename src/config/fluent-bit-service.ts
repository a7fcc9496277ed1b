import { fulfilled, type Notes } from './fluent-bit.js'

const disk = 'the log on disk looks after this by itself'

/** Settings of Fluent Bit's service that change nothing here. */
export const serviceIgnored: Notes = {
  'daemon=off': fulfilled,
  'daemon=false': fulfilled,
  // Without `http_server` there is none, as in Fluent Bit; with it there is one, whatever this says.
  health_check: fulfilled,
  'hot_reload.ensure_thread_safety': 'a reload waits for what is under way by itself',
  'hot_reload.timeout': 'a reload takes a bounded time by itself',
  'dns.*': 'names are resolved as the system does it',
  plugins_file: 'plugins are found in their folders',
  coro_stack_size: 'there are no coroutines to give a stack',
  'enable_chunk_trace=off': fulfilled,
  'json.*': 'JSON is written by RFC 8259, other than ASCII unescaped',
  multiline_buffer_limit: 'there is no multiline parser',
  'sp.*': 'there is no stream processor',
  'security.fips_mode=off': fulfilled,
  'flush.adaptive*': '`flush` is the longest wait, and full batches go at once',
  'telemetry.*': 'counters are kept for each input and output',
  // Choose the mode of the default lane: see check-lanes.ts.
  'storage.type=filesystem': fulfilled,
  'storage.type=memory': fulfilled,
  'storage.inherit': 'the default lane is for every input that chooses no other',
  'storage.sync': '`storage.mode` says what is written, and what is written is synced',
  'storage.checksum': 'everything on disk has a checksum',
  'storage.max_chunks_up': disk,
  'storage.backlog.*': disk,
  'storage.metrics': 'the ledger counts what is pending',
  'storage.delete_irrecoverable_chunks': disk,
  'storage.trim_files': disk,
  'storage.keep.rejected': 'what cannot be delivered goes to the dead letter, up to `dead_letter_limit`',
  'storage.rejected.path': 'what cannot be delivered goes to the dead letter below `storage.path`',
  'storage.rejected.limit': 'write `dead_letter_limit`',
}

/** Settings whose promise would be broken in silence. */
export const serviceUnsupported: Notes = {
  daemon: 'write `daemon: off` and let systemd start the agent in the background',
  'storage.type': 'write `storage.mode: spill`, `durable` or `memory`',
  streams_file: 'there is no stream processor; write filters instead',
  enable_chunk_trace: 'add the output `stdout` to see what flows',
  'security.fips_mode': 'start the agent with a Node.js that is built for FIPS instead',
}
