/** An `import` of `node:http` reads its lazy properties, which loads the built-in fetch and costs 12 MB (nodejs/node#59686). */
export const nodeHttp = process.getBuiltinModule('node:http')
