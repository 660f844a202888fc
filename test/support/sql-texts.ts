import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Expression, type Node, type Program, parseSync, type TemplateLiteral } from 'oxc-parser';

/** A statement as it stands in db/, and the function or constant that holds it. Parts that are only known at run time are `?`. */
export type SqlText = { place: string; text: string };

const root = path.join(import.meta.dirname, '..', '..');
const STATEMENT = /^[\s(]*(SELECT|INSERT|UPDATE|DELETE)\s/;

/** Every statement of db/, the migrations aside, with the constants and functions put in of which it is made. */
export function readSqlTexts(): SqlText[] {
  const names = readdirSync(path.join(root, 'db'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('migrations'))
    .map((name) => path.join('db', name));
  return collect(new Map(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')])));
}

/** The same of files that are not there. */
export function collect(sources: ReadonlyMap<string, string>): SqlText[] {
  const programs = [...sources].map(([name, text]) => ({ name, program: parse(name, text) }));
  const everywhere = programs.flatMap(({ program }) => namesIn(program));
  return programs.flatMap(({ name, program }) => {
    const own = namesIn(program);
    return own.flatMap(([holder, node]) => {
      const named: Named = new Map([...everywhere, ...own, ...localsOf(node)]);
      return textsIn(node)
        .map((text) => write(text, named, 0))
        .filter((text) => STATEMENT.test(text))
        .map((text) => ({ place: `${name} ${holder}`, text }));
    });
  });
}

type Named = ReadonlyMap<string, Node>;

function parse(name: string, text: string): Program {
  const { program, errors } = parseSync(name, text);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`);
  return program;
}

/** Functions, classes and constants of a file, those of its top level alone. */
function namesIn({ body }: Program): [string, Node][] {
  return body.flatMap((statement): [string, Node][] => {
    const one =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if ((one.type === 'FunctionDeclaration' || one.type === 'ClassDeclaration') && one.id) return [[one.id.name, one]];
    if (one.type !== 'VariableDeclaration') return [];
    return one.declarations.flatMap(({ id, init }): [string, Node][] =>
      id.type === 'Identifier' && init ? [[id.name, init]] : [],
    );
  });
}

/** The constants within a function. */
function localsOf(node: unknown): [string, Node][] {
  if (Array.isArray(node)) return node.flatMap(localsOf);
  if (typeof node !== 'object' || node === null) return [];
  const one = node as Node;
  const inner = Object.values(node).flatMap(localsOf);
  const isNamed = one.type === 'VariableDeclarator' && one.id.type === 'Identifier' && one.init;
  return isNamed && one.id.type === 'Identifier' && one.init ? [[one.id.name, one.init], ...inner] : inner;
}

/** Each text of a piece of code, those within other texts too. */
function textsIn(node: unknown): Expression[] {
  if (Array.isArray(node)) return node.flatMap(textsIn);
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(textsIn);
  const { type, value } = node as { type?: string; value?: unknown };
  const isText = type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');
  return isText ? [node as Expression, ...inner] : inner;
}

/** What an expression comes to as text, as far as that is known before it runs. */
function write(node: Node, named: Named, depth: number): string {
  const inner = (one: Node) => write(one, named, depth + 1);
  if (depth > 12) return '?';
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : '?';
    case 'TemplateLiteral':
      return writeTemplate(node, inner);
    case 'ConditionalExpression': {
      const ways = [inner(node.consequent), inner(node.alternate)];
      return ways.find((way) => way.trim() !== '' && way !== '?') ?? '?';
    }
    case 'Identifier':
      return named.has(node.name) ? inner(named.get(node.name) ?? node) : '?';
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement' ? '?' : inner(node.body);
    case 'FunctionDeclaration': {
      const returned = node.body?.body.find((one) => one.type === 'ReturnStatement');
      return returned?.type === 'ReturnStatement' && returned.argument ? inner(returned.argument) : '?';
    }
    case 'CallExpression': {
      const { callee } = node;
      if (callee.type === 'Identifier') return inner(callee);
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return '?';
      // `some.map(() => ONE).join(' UNION ALL ')` is as good as ONE.
      if (callee.property.name === 'join') return inner(callee.object);
      return callee.property.name === 'map' && node.arguments[0] ? inner(node.arguments[0]) : '?';
    }
    default:
      return '?';
  }
}

function writeTemplate({ quasis, expressions }: TemplateLiteral, inner: (one: Node) => string): string {
  return quasis
    .map(({ value }, at) => {
      const expression = expressions[at];
      return (value.cooked ?? '') + (expression === undefined ? '' : inner(expression));
    })
    .join('');
}
