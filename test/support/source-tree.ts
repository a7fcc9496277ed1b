import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The project's own folder; this file runs from dist/test/support/. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface SourceImport {
  /** As written, or the path of the source file from the project's folder where it is one. */
  readonly target: string
  /** Gone in the compiled file. */
  readonly isType: boolean
  /** Loaded when it is asked for, not with the file. */
  readonly isLazy: boolean
}

export interface SourceFile {
  /** From the project's folder: `src/base/clock.ts`. */
  readonly path: string
  readonly lines: number
  /** Neither empty nor comment. */
  readonly codeLines: number
  readonly imports: readonly SourceImport[]
  readonly tree: ts.SourceFile
}

/** All TypeScript files below these folders of the project. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => pathsBelow(folder).map(sourceFile))
}

function pathsBelow(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports = [...nodesOf(tree)].flatMap((node) => importOf(node, path))
  const lines = text.trimEnd().split('\n')
  return { path, lines: lines.length, codeLines: lines.filter(isCode).length, imports, tree }
}

function isCode(line: string): boolean {
  return !/^\s*(\/\/|\/?\*|$)/.test(line)
}

/** A tree's nodes, from the top down. */
export function* nodesOf(node: ts.Node): Iterable<ts.Node> {
  yield node
  for (const child of node.getChildren()) yield* nodesOf(child)
}

function importOf(node: ts.Node, path: string): SourceImport[] {
  if (ts.isImportDeclaration(node)) return [toImport(node.moduleSpecifier, path, isTypeImport(node), false)]
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return [toImport(node.moduleSpecifier, path, node.isTypeOnly, false)]
  }
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  const [specifier] = isDynamic ? node.arguments : []
  return specifier && ts.isStringLiteral(specifier) ? [toImport(specifier, path, false, true)] : []
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = importClause.namedBindings
  const onlyTypes = named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly)
  return importClause.name === undefined && onlyTypes === true
}

function toImport(specifier: ts.Expression, path: string, isType: boolean, isLazy: boolean): SourceImport {
  const written = ts.isStringLiteral(specifier) ? specifier.text : specifier.getText()
  const target = written.startsWith('.') ? join(dirname(path), written).replace(/\.js$/, '.ts') : written
  return { target, isType, isLazy }
}
