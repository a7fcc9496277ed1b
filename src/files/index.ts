/**
 * Files that are written to while they are read: which there are, when they change, and how far each was read.
 * @module
 */

export { FileSet, type FollowSettings } from './file-set.js'
export { FolderWatcher } from './folder-watcher.js'
export type { FollowedFile } from './followed-file.js'
export { type Glob, parseGlob, parsePathPattern } from './glob.js'
