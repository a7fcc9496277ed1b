import { resolve } from 'node:path'

import type { ClientKind } from '../http/service.js'
import { AgentError } from '../plugin/errors.js'

export type Settings = { readonly [name: string]: unknown }

/** A client, and what must be done for it. */
export interface OpenClient {
  readonly client: unknown
  readonly close: () => unknown
  /** Called at once with what takes its errors, which would end the agent were they not heard. */
  readonly onError?: (told: (error: unknown) => void) => void
}

/** Opens a client of a package. `folder` is where the module is. */
export type Open = (driver: unknown, settings: Settings, folder: string) => OpenClient

interface Emitter {
  on(event: 'error', told: (error: unknown) => void): unknown
}
interface Database {
  close(): void
}
type DatabaseClass = new (path: string, settings?: Settings) => Database
interface Pool extends Emitter {
  end(): Promise<void>
}

/** The packages of each kind of client, the one that is tried first in front. */
export const drivers: { readonly [K in ClientKind]: { readonly [name: string]: Open } } = {
  sqlite: {
    // Node has it since 22.5, without a flag since 22.13.
    'node:sqlite': (driver, settings, folder) =>
      openSqlite((driver as { DatabaseSync: DatabaseClass }).DatabaseSync, settings, folder),
    'better-sqlite3': (driver, settings, folder) => openSqlite(driver as DatabaseClass, settings, folder),
  },
  redis: {
    ioredis: (driver, settings) => {
      const client = new (driver as new (settings: Settings) => Emitter & { disconnect(): void })(settings)
      return { client, close: () => client.disconnect(), onError: (told) => client.on('error', told) }
    },
    redis: (driver, settings) => openRedis(driver as RedisPackage, settings),
  },
  mysql: {
    'mysql2/promise': (driver, settings) => {
      const client = (driver as { createPool(settings: Settings): Pool }).createPool(settings)
      return { client, close: () => client.end() }
    },
  },
  postgres: {
    pg: (driver, settings) => {
      const client = new (driver as { Pool: new (settings: Settings) => Pool }).Pool(settings)
      return { client, close: () => client.end(), onError: (told) => client.on('error', told) }
    },
  },
}

/** A relative path begins where the module is. */
function openSqlite(Sqlite: DatabaseClass, { path, ...settings }: Settings, folder: string): OpenClient {
  if (typeof path !== 'string')
    throw new AgentError('DATABASE_CLIENT', 'client "sqlite": expected a path, such as { path: "panel.db" }')
  const client = new Sqlite(path === ':memory:' ? path : resolve(folder, path), settings)
  return { client, close: () => client.close() }
}

interface RedisPackage {
  createClient(settings: Settings): Emitter & { connect(): Promise<unknown>; destroy(): void }
}

/** It connects while it is used already, as `ioredis` does, and again by itself. */
function openRedis(redis: RedisPackage, settings: Settings): OpenClient {
  const client = redis.createClient(settings)
  return {
    client,
    close: () => client.destroy(),
    onError(told) {
      client.on('error', told)
      client.connect().catch(told)
    },
  }
}
