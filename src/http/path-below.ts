/**
 * What of a path is below a place that it is in: `/a/b` of `/ui/a/b` at `/ui`, and nothing of `/ui` itself. Goes by segments, since a
 * path may spell those of the place in its own way.
 */
export function pathBelow(path: string, place: string): string {
  const depth = (place.endsWith('/') ? place.slice(0, -1) : place).split('/').length
  const rest = path.split('/').slice(depth)
  return rest.length === 0 ? '' : `/${rest.join('/')}`
}
