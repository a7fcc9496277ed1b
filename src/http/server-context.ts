import type { PluginContext } from '../plugin/context.js'
import type { MemoryAccount } from './memory-account.js'

/** What a server needs of whoever runs it; an input's context has all of it. */
export interface ServerContext extends Pick<PluginContext, 'log' | 'clock' | 'count'>, MemoryAccount {}
